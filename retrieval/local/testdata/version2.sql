-- A catalogue as version 2 wrote it: one article in two revisions, one removed.
PRAGMA application_id = 1450336884;
PRAGMA user_version = 2;
CREATE TABLE meta (
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('sequence', '4'), ('model', 'old-model'), ('dimension', '2');
CREATE TABLE articles (
	id        INTEGER PRIMARY KEY,
	bare      TEXT NOT NULL,
	revision  INTEGER NOT NULL,
	sequence  INTEGER NOT NULL,
	info      TEXT NOT NULL,
	furniture TEXT NOT NULL,
	passages  BLOB NOT NULL,
	UNIQUE (bare, revision)
) STRICT;
CREATE INDEX articles_sequence ON articles (sequence);
CREATE TABLE texts (
	article INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
	body    BLOB NOT NULL,
	raw     BLOB
) STRICT;
CREATE TABLE vectors (
	article INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
	numbers BLOB NOT NULL
) STRICT;
INSERT INTO articles VALUES
	(1, 'aaaaaaaaaa', 1, 1, '{"source":"old.txt","given":{},"title":"Water","bytes":14,"body_hash":"","raw_hash":"one"}', '[]', x'001c'),
	(2, 'aaaaaaaaaa', 2, 2, '{"source":"old.txt","given":{},"title":"Water","bytes":30,"body_hash":"","raw_hash":"two"}', '[]', x'001a1e1e');
INSERT INTO texts VALUES
	(1, CAST('The dam broke.' AS BLOB), x'62'),
	(2, CAST('The dam held.' || char(10) || char(10) || 'The river fell.' AS BLOB), x'62');
INSERT INTO vectors VALUES
	(1, x'0000803f00000000'),
	(2, x'0000803f00000000000000000000803f');
CREATE TABLE removed (
	bare     TEXT PRIMARY KEY,
	sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX removed_sequence ON removed (sequence);
INSERT INTO meta VALUES ('name', '0123456789abcdef');
INSERT INTO removed VALUES ('bbbbbbbbbb', 4);
