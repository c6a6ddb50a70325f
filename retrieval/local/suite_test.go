package local

import (
	"os"
	"path/filepath"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/retrievaltest"
)

func TestInMemory(t *testing.T) {
	retrievaltest.TestStore(t, retrievaltest.Stores{Restore: restore, Open: func(t *testing.T) retrieval.Store {
		m, err := NewInMemory()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { m.Close() })
		return m
	}})
}

func TestStore(t *testing.T) {
	retrievaltest.TestStore(t, retrievaltest.Stores{Restore: restore, Open: func(t *testing.T) retrieval.Store {
		return open(t, t.TempDir())
	}})
}

// restore opens a backup as the catalogue of another folder.
func restore(t *testing.T, path string) retrieval.Store {
	t.Helper()
	dir := t.TempDir()
	if err := os.Rename(path, filepath.Join(dir, catalogueName)); err != nil {
		t.Fatal(err)
	}
	return open(t, dir)
}

// open opens the store in dir until the end of the test.
func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
