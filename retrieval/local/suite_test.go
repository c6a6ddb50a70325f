package local

import (
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/retrievaltest"
)

func TestMemory(t *testing.T) {
	retrievaltest.TestStore(t, func(t *testing.T) retrieval.Store {
		m, err := NewMemory()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { m.Close() })
		return m
	})
}

func TestStore(t *testing.T) {
	retrievaltest.TestStore(t, func(t *testing.T) retrieval.Store { return open(t, t.TempDir()) })
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
