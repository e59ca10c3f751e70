"""firestore.rules, proven: a matrix of who may do what, validation case by case, properties, mutations."""
