package local

import "verbatim/internal/sqlite"

// applicationID marks a SQLite file as a catalogue ("Vrbt").
const applicationID = 0x56726274

// migrations bring a catalogue from version i to i+1. They are never changed
// once released; a new catalogue is made by running all of them.
var migrations = [...]string{
	`CREATE TABLE meta (
		key   TEXT PRIMARY KEY,
		value TEXT NOT NULL
	) STRICT, WITHOUT ROWID;
	INSERT INTO meta VALUES ('sequence', '0'), ('model', ''), ('dimension', '0');
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
	) STRICT;`,
	// Version 2 remembers what was taken out, so that an index that is behind
	// can follow, and names the catalogue, so that no index of another one is
	// taken for its own.
	`CREATE TABLE removed (
		bare     TEXT PRIMARY KEY,
		sequence INTEGER NOT NULL
	) STRICT, WITHOUT ROWID;
	CREATE INDEX removed_sequence ON removed (sequence);
	INSERT INTO meta VALUES ('name', lower(hex(randomblob(8))));`,
	// Version 3 keeps the highest revision that was taken out, so that no later
	// one has its ID. Each revision was a change, so that the number of the
	// change that took it out is at least as high.
	`ALTER TABLE removed ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
	UPDATE removed SET revision = sequence;`,
	// Version 4 keeps what other packages derive from an article.
	`CREATE TABLE derived (
		article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
		kind    TEXT NOT NULL,
		version TEXT NOT NULL,
		data    BLOB NOT NULL,
		PRIMARY KEY (article, kind)
	) STRICT, WITHOUT ROWID;
	CREATE INDEX derived_kind ON derived (kind);`,
	// Version 5 remembers by which rules the articles were read.
	`INSERT INTO meta VALUES ('reading', '0');`,
}

// schema is what a catalogue looks like.
var schema = sqlite.Schema{ApplicationID: applicationID, Migrations: migrations[:]}
