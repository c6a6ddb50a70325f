// Package settings keeps what the bot must not forget: the settings of each
// server, the feedback on answers, and the tokens spent. It is one SQLite file,
// beside the catalogue and apart from it, with a key beside it.
//
// User ids are never stored: only their HMAC-SHA256 under that key, which shows
// that two entries are of one user, and finds a user's entries, but not who it is.
//
// What a method reported as done survives a crash and a power cut.
package settings

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"verbatim/internal/sqlite"
)

// Errors of Open for a file that is left as it is.
var (
	ErrNewer   = sqlite.ErrNewer
	ErrDamaged = sqlite.ErrDamaged // or another program's
)

// Options say where things are.
type Options struct {
	Path    string           // of the database; "" keeps all in RAM until Close
	KeyPath string           // of the key; "" is Path + ".key"
	Now     func() time.Time // default time.Now
	Log     *slog.Logger     // default: nothing is logged
}

// Store is an open file of settings, safe for concurrent use, by several
// processes too.
type Store struct {
	db  *sqlite.DB
	key []byte
	now func() time.Time
	log *slog.Logger
}

// Open opens the file, making it and its key if there are none, and brings an
// older file up to date. It refuses, and does not change, a file that is newer
// (ErrNewer), damaged or another program's (ErrDamaged).
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	m := &Store{now: o.Now, log: o.Log}
	if err := m.open(ctx, o); err != nil {
		if m.db != nil {
			err = errors.Join(err, m.db.Close())
		}
		return nil, fmt.Errorf("open settings: %w", err)
	}
	return m, nil
}

func (m *Store) open(ctx context.Context, o Options) error {
	schema := sqlite.Schema{ApplicationID: applicationID, Migrations: migrations()}
	var err error
	if o.Path == "" {
		if m.db, err = sqlite.OpenInMemory(ctx, schema); err != nil {
			return err
		}
		m.key, err = newKey()
		return err
	}
	// What is deleted is overwritten.
	if m.db, err = sqlite.Open(ctx, o.Path, schema, sqlite.Options{Pragmas: []string{"secure_delete(1)"}}); err != nil {
		return err
	}
	problems, err := m.db.Check(ctx)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return fmt.Errorf("%s: %w: %s; restore the file from a backup or move it away", o.Path, ErrDamaged, problems[0])
	}
	if o.KeyPath == "" {
		o.KeyPath = o.Path + ".key"
	}
	return m.loadKey(ctx, o.KeyPath)
}

// Close closes the file; all that was reported as done is in it.
func (m *Store) Close() error { return m.db.Close() }

// applicationID marks the file as ours in its header: "VRBm".
const applicationID = 0x5652426d

// migrations make each version of the schema from the one before; they are never
// changed, only added to.
func migrations() []string {
	return []string{`
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE settings (
	server  TEXT PRIMARY KEY,
	value   TEXT NOT NULL,           -- Server as JSON
	changed INTEGER NOT NULL         -- Unix seconds
) STRICT, WITHOUT ROWID;
CREATE TABLE feedback (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	time     INTEGER NOT NULL,       -- Unix seconds
	server   TEXT NOT NULL,          -- '' is a direct message
	user     BLOB NOT NULL,          -- keyed hash
	answer   TEXT NOT NULL,          -- id of the message that held it
	question TEXT NOT NULL,
	refs     TEXT NOT NULL,          -- JSON array
	correct  INTEGER NOT NULL CHECK (correct IN (0, 1)),
	reason   TEXT NOT NULL,
	UNIQUE (user, answer)
) STRICT;
CREATE INDEX feedback_time ON feedback (time);
CREATE INDEX feedback_server ON feedback (server);
CREATE TABLE usage (
	day        TEXT NOT NULL,        -- UTC, 2006-01-02
	server     TEXT NOT NULL,
	question   TEXT NOT NULL,        -- an id, never the words
	tokens_in  INTEGER NOT NULL DEFAULT 0,
	tokens_out INTEGER NOT NULL DEFAULT 0,
	reserved   INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (day, server, question)
) STRICT, WITHOUT ROWID;`,
		// Limits were questions an hour; they are questions a minute.
		`ALTER TABLE usage DROP COLUMN reserved;
UPDATE settings SET value = json_remove(json_set(value, '$.per_minute', json_object(
	'user', coalesce(value ->> '$.limits.user', 0) / 60,
	'channel', coalesce(value ->> '$.limits.channel', 0) / 60,
	'server', coalesce(value ->> '$.limits.server', 0) / 60)), '$.limits')
WHERE value ->> '$.limits' IS NOT NULL;`,
		`CREATE TABLE unanswered (
	server   TEXT NOT NULL,
	folded   TEXT NOT NULL,          -- what makes two questions the same
	user     BLOB NOT NULL,          -- keyed hash
	question TEXT NOT NULL,          -- as it was put last
	time     INTEGER NOT NULL,       -- Unix seconds, of the last time
	PRIMARY KEY (server, folded, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX unanswered_time ON unanswered (time);
CREATE INDEX unanswered_user ON unanswered (user);`,
	}
}
