// Package memory keeps what the bot must not forget: the settings of each
// server, the feedback on answers, and the tokens spent. It is one SQLite file,
// beside the catalogue and apart from it, with a key beside it.
//
// User ids are never stored: only their HMAC-SHA256 under that key, which tells
// that two entries are of one user, and finds a user's entries, but not who it is.
//
// What a method reported as done survives a crash and a power cut: the journal is
// a write-ahead log, flushed at every commit (synchronous=FULL).
package settings

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver
)

// ErrNewer means that a newer version of the program made the file.
var ErrNewer = errors.New("made by a newer version of the program")

// ErrDamaged means that the file is not, or no longer, what it should be. It is
// left as it is.
var ErrDamaged = errors.New("damaged")

// Options tell Open where things are.
type Options struct {
	Path    string           // of the database; "" keeps all in RAM until Close
	KeyPath string           // of the key; "" is Path + ".key"
	Now     func() time.Time // default time.Now
	Log     *slog.Logger     // default: nothing is logged
}

// Store is an open settings file, safe for concurrent use, by several processes too.
type Store struct {
	db  *sql.DB
	key []byte
	now func() time.Time
	log *slog.Logger
}

// Open opens the memory, making file and key where there are none, and brings an
// older file up to date. It refuses, and changes nothing of, a file that is newer
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
			m.db.Close()
		}
		name := o.Path
		if name == "" {
			name = "in RAM"
		}
		return nil, fmt.Errorf("open memory %s: %w", name, err)
	}
	return m, nil
}

func (m *Store) open(ctx context.Context, o Options) error {
	if o.Path != "" {
		if err := prepare(o.Path); err != nil {
			return err
		}
	}
	db, err := sql.Open("sqlite", dsn(o.Path))
	if err != nil {
		return err
	}
	m.db = db
	if o.Path == "" {
		db.SetMaxOpenConns(1) // each connection would be a database of its own
		db.SetConnMaxLifetime(0)
	} else {
		db.SetMaxOpenConns(4)
	}
	if err := m.inspect(ctx, o.Path != ""); err != nil {
		return err
	}
	if err := m.migrate(ctx); err != nil {
		return err
	}
	if o.Path == "" {
		m.key, err = newKey()
		return err
	}
	if o.KeyPath == "" {
		o.KeyPath = o.Path + ".key"
	}
	return m.loadKey(ctx, o.KeyPath)
}

// Close closes the file; all that was reported as done is in it.
func (m *Store) Close() error {
	if err := m.db.Close(); err != nil {
		return fmt.Errorf("close memory: %w", err)
	}
	return nil
}

// applicationID marks the file as ours in its header: "VRBm".
const applicationID = 0x5652426d

// prepare makes the folder and an empty file that only its owner may read, or
// looks at the header of the file that is there, before SQLite touches it.
func prepare(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 100)
	n, err := io.ReadFull(f, head)
	switch {
	case err == io.EOF:
		return nil // new
	case err == io.ErrUnexpectedEOF:
		return fmt.Errorf("%w: the file has only %d bytes; restore it from a backup or move it away", ErrDamaged, n)
	case err != nil:
		return err
	case !bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return fmt.Errorf("%w: the file is no SQLite database; restore it from a backup or move it away", ErrDamaged)
	}
	// Still 0 while the commit that made the file is only in the log beside it.
	if id := binary.BigEndian.Uint32(head[68:]); id != 0 && id != applicationID {
		return fmt.Errorf("%w: the file is another program's database", ErrDamaged)
	}
	return nil
}

func dsn(path string) string {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)"}}
	if path == "" {
		return "file::memory:?" + q.Encode()
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	return u.String() + "?" + q.Encode()
}

// inspect asserts the durability that the package promises, and that the file is
// whole and ours.
func (m *Store) inspect(ctx context.Context, onDisk bool) error {
	var mode string
	var sync, appID, tables int
	for _, q := range []struct {
		pragma string
		into   any
	}{{"PRAGMA journal_mode", &mode}, {"PRAGMA synchronous", &sync}, {"PRAGMA application_id", &appID},
		{"SELECT count(*) FROM sqlite_schema", &tables}} {
		if err := m.db.QueryRowContext(ctx, q.pragma).Scan(q.into); err != nil {
			return damaged(ctx, err)
		}
	}
	if onDisk && mode != "wal" {
		return fmt.Errorf("journal mode is %s, not wal: the file system cannot hold a memory", mode)
	}
	const full = 2
	if sync != full {
		return fmt.Errorf("synchronous is %d, not %d (FULL)", sync, full)
	}
	if appID != applicationID && (appID != 0 || tables > 0) {
		return fmt.Errorf("%w: the file is another program's database", ErrDamaged)
	}
	var verdict string
	if err := m.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return damaged(ctx, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s; restore the file from a backup or move it away", ErrDamaged, verdict)
	}
	return nil
}

// damaged names an error of reading the file, unless we only ran out of time.
func damaged(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w; restore the file from a backup or move it away", ErrDamaged, err)
}

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
	}
}

func (m *Store) migrate(ctx context.Context) error {
	steps := migrations()
	return m.write(ctx, func(tx *sql.Tx) error {
		var version int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
			return fmt.Errorf("read schema version: %w", err)
		}
		if version > len(steps) {
			return fmt.Errorf("%w: its schema is %d, this program knows up to %d; update the program", ErrNewer, version, len(steps))
		}
		for i := version; i < len(steps); i++ {
			if _, err := tx.ExecContext(ctx, steps[i]); err != nil {
				return fmt.Errorf("migrate schema to %d: %w", i+1, err)
			}
		}
		if version == len(steps) {
			return nil
		}
		m.log.InfoContext(ctx, "memory schema brought up to date", "from", version, "to", len(steps))
		_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, len(steps)))
		return err
	})
}

// write runs do in a transaction that is on the disk when write returns nil.
func (m *Store) write(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := m.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}
