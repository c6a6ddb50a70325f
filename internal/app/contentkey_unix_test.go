//go:build unix

package app

import (
	"path/filepath"
	"syscall"
	"testing"
)

// A named pipe waits for ever when it is opened, so it is not.
func TestContentKeyOpensNoPipe(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "story.txt"), "One.")
	for _, name := range []string{"articles.yaml", "pipe.txt"} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, ofFolder := keyed(t, dir)
	_, ofFile := keyed(t, filepath.Join(dir, "story.txt"))
	if ofFolder() == ofFile() {
		t.Error("a folder and its file have the same key")
	}
}
