"""Auth: Identity Toolkit and Secure Token as firebase-admin and the Firebase JS SDK call them, and OAuth tokens."""
