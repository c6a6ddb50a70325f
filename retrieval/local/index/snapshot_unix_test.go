//go:build unix

package index

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// Reading a FIFO would never end.
func TestFIFO(t *testing.T) {
	for _, name := range []string{manifestName, filepath.Join(storeDir, "root.bolt")} {
		dir := t.TempDir()
		s := published(t, filled(t, 2), dir, 2)
		path := filepath.Join(s.path, name)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := unix.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, why := Newest(dir, "c"); why == "" {
			t.Errorf("an index with a FIFO as %s was found", name)
		}
	}
}
