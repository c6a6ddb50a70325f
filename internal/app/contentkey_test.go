package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// keyed returns an app over a corpus of one folder and a function that returns
// the key of its content.
func keyed(t *testing.T, corpus ...string) (*App, func() string) {
	t.Helper()
	a := &App{
		Config: DefaultConfig(), Places: Places{Cache: filepath.Join(t.TempDir(), "cache")},
		Corpus: corpus, Log: slog.New(slog.DiscardHandler),
	}
	return a, func() string {
		t.Helper()
		key, err := a.contentKey(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestContentKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "news")
	story := filepath.Join(dir, "story.txt")
	write(t, story, "One.")
	_, ofFolder := keyed(t, dir)
	_, ofFile := keyed(t, story)
	changes := []struct {
		name         string
		change       func()
		folder, file bool // whether the key changes
	}{
		{"nothing", func() {}, false, false},
		{"the text", func() { write(t, story, "Two.") }, true, true},
		{"what is known about it", func() { write(t, filepath.Join(dir, "articles.yaml"), "story.txt: {outlet: A}") }, true, true},
		{"another article", func() { write(t, filepath.Join(dir, "more.txt"), "Three.") }, true, false},
		{"a file that is not read", func() { write(t, filepath.Join(dir, "film.mp4"), "x") }, false, false},
		{"a hidden folder", func() { write(t, filepath.Join(dir, ".git", "a.txt"), "x") }, false, false},
		{"a folder below", func() { write(t, filepath.Join(dir, "below", "a.txt"), "x") }, true, false},
	}
	for _, tt := range changes {
		folder, file := ofFolder(), ofFile()
		tt.change()
		if got := ofFolder() != folder; got != tt.folder {
			t.Errorf("%s: the key of the folder changes: %t", tt.name, got)
		}
		if got := ofFile() != file; got != tt.file {
			t.Errorf("%s: the key of the file changes: %t", tt.name, got)
		}
	}
	// The folder's name is part of the sources, so an equal file elsewhere is
	// another corpus.
	other := filepath.Join(t.TempDir(), "elsewhere", "story.txt")
	write(t, other, "Two.")
	write(t, filepath.Join(filepath.Dir(other), "articles.yaml"), "story.txt: {outlet: A}")
	_, ofOther := keyed(t, other)
	if ofOther() == ofFile() {
		t.Error("equal files in two folders have the same key")
	}
}

// A hash is remembered once the file is settled, and forgotten when it changes.
func TestRememberedHashes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "story.txt")
	write(t, path, "One.")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, ok := identity(info); !ok {
		t.Skip("files have no identity on this system")
	}
	m := &hashes{Files: make(map[string]fileHash)}
	m.put(info, "sum", info.ModTime().Add(settled-time.Millisecond))
	if _, ok := m.get(info); ok {
		t.Error("the hash of a file that has just changed is remembered")
	}
	m.put(info, "sum", time.Now().Add(time.Minute))
	if sum, ok := m.get(info); !ok || sum != "sum" {
		t.Errorf("remembered %q, %t", sum, ok)
	}
	write(t, path, "Two.")
	past := info.ModTime()
	if err := os.Chtimes(path, past, past); err != nil { // the time of its last change cannot be set
		t.Fatal(err)
	}
	if info, err = os.Stat(path); err != nil {
		t.Fatal(err)
	}
	if _, ok := m.get(info); ok {
		t.Error("a changed file of the same size and date keeps its hash")
	}
	a, _ := keyed(t)
	m.changed = true
	a.writeHashes(m)
	if got := a.readHashes(); len(got.Files) != 1 {
		t.Errorf("read back %v", got.Files)
	}
	write(t, a.hashesPath(), "{")
	if got := a.readHashes(); len(got.Files) != 0 {
		t.Errorf("a damaged file gives %v", got.Files)
	}
}

func TestContentKeyEnds(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "story.txt"), "One.")
	a, _ := keyed(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.contentKey(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
