-- Collections by their path below the database, `users/u1/jobs`; `name` is the last segment, for collection-group queries.
CREATE TABLE IF NOT EXISTS collections (
    id INTEGER PRIMARY KEY,
    database TEXT NOT NULL,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (database, path)
);
CREATE INDEX IF NOT EXISTS collections_by_name ON collections (database, name, path);

-- `document` is the whole google.firestore.v1.Document; `version` its update time in microseconds.
CREATE TABLE IF NOT EXISTS documents (
    rowid INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    document BLOB NOT NULL,
    UNIQUE (collection, id)
);

-- Field paths in their canonical spelling; `path[]` stands for the elements of an array.
CREATE TABLE IF NOT EXISTS fields (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE
);

-- The index of every field of every document: `value` is the ordered encoding, cut off at a fixed length.
CREATE TABLE IF NOT EXISTS entries (
    collection INTEGER NOT NULL,
    field INTEGER NOT NULL,
    value BLOB NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (collection, field, value, id)
) WITHOUT ROWID;

-- What each commit replaced (`document` is null for a document that was not there): reads in the past, resumed listeners
-- and the validation of transactions live on it. `version` is the commit's time in microseconds.
CREATE TABLE IF NOT EXISTS changes (
    version INTEGER NOT NULL,
    collection INTEGER NOT NULL,
    id TEXT NOT NULL,
    document BLOB,
    PRIMARY KEY (version, collection, id)
) WITHOUT ROWID;

-- Answers to committed transactions, so that a commit repeated after a lost answer is not done twice.
CREATE TABLE IF NOT EXISTS commits (
    token BLOB PRIMARY KEY,
    version INTEGER NOT NULL,
    response BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS commits_by_version ON commits (version);

-- What the data was written with, where that can change from start to start.
CREATE TABLE IF NOT EXISTS settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
