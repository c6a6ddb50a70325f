package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var notes = Schema{ApplicationID: 0x4e6f7465, Migrations: []string{
	"CREATE TABLE notes (text TEXT NOT NULL) STRICT",
	"ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT ''",
}}

func open(t *testing.T, path string, o Options) *DB {
	t.Helper()
	db, err := Open(t.Context(), path, notes, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func add(t *testing.T, db *DB, texts ...string) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *sql.Tx) error {
		for _, text := range texts {
			if _, err := tx.ExecContext(t.Context(), "INSERT INTO notes (text) VALUES (?)", text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *DB) (n int) {
	t.Helper()
	err := db.View(t.Context(), func(tx *sql.Tx) error {
		return tx.QueryRowContext(t.Context(), "SELECT count(*) FROM notes").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestUpdate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a folder", "it's 100%.db")
	db := open(t, path, Options{})
	add(t, db, "one", "two")
	failed := errors.New("changed my mind")
	err := db.Update(t.Context(), func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(t.Context(), "INSERT INTO notes (text) VALUES ('three')"); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Errorf("update: %v, want %v", err, failed)
	}
	if n := count(t, db); n != 2 {
		t.Errorf("%d notes, want 2", n)
	}
	if _, err := db.Reads().Exec("DELETE FROM notes"); err == nil {
		t.Error("a reading connection could write")
	}
	reader := open(t, path, Options{ReadOnly: true})
	if n := count(t, reader); n != 2 || !reader.ReadOnly() || db.ReadOnly() {
		t.Errorf("a second process sees %d notes, want 2", n)
	}
	if err := reader.Update(t.Context(), func(*sql.Tx) error { return nil }); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a database that was opened for reading was written: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
}

func TestDurable(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "x.db"), Options{Pragmas: []string{"secure_delete(1)"}})
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1"} {
		var got string
		if err := db.write.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, %v; want %s", pragma, got, err, want)
		}
	}
	if _, err := db.write.Exec("PRAGMA synchronous = OFF"); err != nil {
		t.Fatal(err)
	}
	if err := db.assertDurable(t.Context()); err == nil {
		t.Error("a database that does not sync was accepted")
	}
}

func TestMigrate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	old := Schema{ApplicationID: notes.ApplicationID, Migrations: notes.Migrations[:1]}
	first, err := Open(t.Context(), path, old, Options{})
	if err != nil {
		t.Fatal(err)
	}
	add(t, first, "kept")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, notes, Options{ReadOnly: true}); !errors.Is(err, ErrOlder) {
		t.Errorf("an older database was opened for reading: %v", err)
	}
	locked := errors.New("locked")
	if _, err := Open(t.Context(), path, notes, Options{Lock: func() (func(), error) { return nil, locked }}); !errors.Is(err, locked) {
		t.Errorf("migrated without the lock: %v", err)
	}
	unlocked := false
	db := open(t, path, Options{Lock: func() (func(), error) { return func() { unlocked = true }, nil }})
	if n := count(t, db); n != 1 || !unlocked {
		t.Errorf("%d notes after the migration, want 1; unlocked %v", n, unlocked)
	}
	if _, err := Open(t.Context(), path, old, Options{}); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer database was opened: %v", err)
	}
}

// A file that is not ours, or no longer whole, is refused and keeps its bytes.
func TestRefused(t *testing.T) {
	write := func(text string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, prepare := range map[string]func(t *testing.T, path string){
		"empty":    write(""),
		"short":    write("SQLite format 3\x00"),
		"text":     write("Dear diary, this is a text file that is longer than the header of a database and not one at all."),
		"log only": func(t *testing.T, path string) { write("a log")(t, path+"-wal") },
		"folder": func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		},
		"another program's": func(t *testing.T, path string) {
			makeDatabase(t, path, "PRAGMA application_id = 7; CREATE TABLE x (y)")
		},
		"nobody's": func(t *testing.T, path string) { makeDatabase(t, path, "CREATE TABLE x (y)") },
		"cut": func(t *testing.T, path string) {
			db := open(t, path, Options{})
			add(t, db, string(make([]byte, 1<<16)))
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(path, 1<<14); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "x.db")
			prepare(t, path)
			before := files(t, dir)
			for _, o := range []Options{{ReadOnly: true}, {}} {
				db, err := Open(t.Context(), path, notes, o)
				if err == nil {
					db.Close()
				}
				if !errors.Is(err, ErrDamaged) {
					t.Errorf("%+v: error %v, want %v", o, err, ErrDamaged)
				}
			}
			if after := files(t, dir); !slices.Equal(before, after) {
				t.Errorf("files %q, want %q as before", after, before)
			}
		})
	}
}

func makeDatabase(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
}

// files lists the names and bytes of the files in dir, but for the shared
// memory of readers.
func files(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, _ := os.ReadFile(filepath.Join(dir, e.Name()))
		list = append(list, fmt.Sprintf("%s %x", e.Name(), data))
	}
	return list
}

func TestMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if _, err := Open(t.Context(), path, notes, Options{ReadOnly: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing database was opened: %v", err)
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.WriteFile(path+suffix, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db := open(t, path, Options{})
	add(t, db, "one")
	if set, err := filepath.Glob(path + "-*.old-*"); err != nil || len(set) != 2 {
		t.Errorf("set aside %q, %v; want the empty log and its index", set, err)
	}
}

func TestBackup(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "x.db"), Options{})
	add(t, db, "one", "two")
	saved := filepath.Join(dir, "saved.db")
	if err := db.Backup(t.Context(), saved); err != nil {
		t.Fatal(err)
	}
	add(t, db, "three")
	if n := count(t, open(t, saved, Options{})); n != 2 {
		t.Errorf("the backup has %d notes, want 2", n)
	}
	if err := db.Backup(t.Context(), saved); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a backup was written over another file: %v", err)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	other := filepath.Join(dir, "other.db")
	if err := db.Backup(stopped, other); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled backup: %v", err)
	}
	if _, err := os.Stat(other); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a cancelled backup left a file: %v", err)
	}
	memory, err := OpenInMemory(t.Context(), notes)
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	add(t, memory, "one")
	if err := memory.Backup(t.Context(), other); err != nil || count(t, open(t, other, Options{})) != 1 {
		t.Errorf("back up a database in memory: %v", err)
	}
}

func TestCheckAndEmptyLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db := open(t, path, Options{})
	add(t, db, "one")
	if problems, err := db.Check(t.Context()); err != nil || len(problems) != 0 {
		t.Errorf("problems %q, %v", problems, err)
	}
	if emptied, err := db.EmptyLog(t.Context()); err != nil || !emptied {
		t.Errorf("the log was not emptied: %v", err)
	}
	if wal, err := os.Stat(path + "-wal"); err != nil || wal.Size() != 0 {
		t.Errorf("the log has %d bytes, %v", wal.Size(), err)
	}
}
