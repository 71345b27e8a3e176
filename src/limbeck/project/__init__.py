"""What is on disk: settings, revision files, templates."""
