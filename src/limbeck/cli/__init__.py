"""Arguments in, words out. All printing lives here."""
