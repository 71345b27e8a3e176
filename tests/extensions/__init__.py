"""What libraries and projects plug in, each as a small example under both names."""
