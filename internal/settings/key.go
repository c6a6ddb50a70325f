package settings

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrKey means that the key file is missing, damaged or of other settings. With
// any other key a user's entries could be neither found nor deleted.
var ErrKey = errors.New("wrong key")

const keyBytes = 32

func newKey() ([]byte, error) {
	key := make([]byte, keyBytes)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	return key, nil
}

// hash is what is kept of a user id.
func (m *Store) hash(user string) []byte { return keyed(m.key, "user", user) }

// keyed is HMAC-SHA256 (RFC 2104) over a purpose and a text.
func keyed(key []byte, purpose, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(purpose + "\x00" + text))
	return h.Sum(nil)
}

// loadKey reads the key, or makes it for settings that have never had one, and
// checks that it is theirs.
func (m *Store) loadKey(ctx context.Context, path string) error {
	return m.db.Update(ctx, func(tx *sql.Tx) error { // its lock lets one process make the key
		var mark []byte
		err := tx.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'key'").Scan(&mark)
		known := err == nil
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("read key mark: %w", err)
		}
		key, err := readKey(path)
		if errors.Is(err, fs.ErrNotExist) {
			if known {
				return fmt.Errorf("%w: the key file %s is missing; restore it, or move the settings away too to start again", ErrKey, path)
			}
			if key, err = newKey(); err == nil {
				err = writeKey(path, key)
			}
		}
		if err != nil {
			return err
		}
		own := keyed(key, "mark", "")
		if known && !hmac.Equal(mark, own) {
			return fmt.Errorf("%w: the key file %s belongs to other settings", ErrKey, path)
		}
		m.key = key
		if known {
			return nil
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO meta (name, value) VALUES ('key', ?)", own)
		return err
	})
}

func readKey(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	key, err := hex.DecodeString(string(bytes.TrimSpace(b)))
	if err != nil || len(key) != keyBytes {
		return nil, fmt.Errorf("%w: the key file %s does not hold %d hexadecimal bytes", ErrKey, path, keyBytes)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, fmt.Errorf("protect key: %w", err)
	}
	return key, nil
}

// writeKey makes the key file whole or not at all.
func writeKey(path string, key []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // made with mode 0600
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	defer os.Remove(f.Name()) // gone already when all went well
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a rename last. Systems that cannot flush a folder say so with an
// error that changes nothing.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	d.Sync()
	return d.Close()
}
