package settings

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// FuzzOpen holds that any file is either opened as settings or refused with an
// error that leaves its bytes as they were.
func FuzzOpen(f *testing.F) {
	dir := f.TempDir()
	s, err := Open(f.Context(), Options{Path: filepath.Join(dir, "settings.db")})
	if err != nil {
		f.Fatal(err)
	}
	if err := s.Close(); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(dir, "settings.db"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(whole[:100])
	f.Add([]byte("SQLite format 3\x00"))
	f.Add([]byte("{}"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "settings.db")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), Options{Path: path})
		if err == nil {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return
		}
		left, readErr := os.ReadFile(path)
		if readErr != nil || !bytes.Equal(left, data) {
			t.Errorf("refused with %q, but the file was changed (%v)", err, readErr)
		}
	})
}
