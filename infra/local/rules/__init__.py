"""Security rules: the language of `firestore.rules`, version 2, checked and evaluated."""
