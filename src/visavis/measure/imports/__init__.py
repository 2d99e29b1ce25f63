"""Other tools' logs read as recorded answers: one small file a format, and what all share."""
