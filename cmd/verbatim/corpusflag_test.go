package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// cached returns the folders of the indexes in the cache of home.
func cached(t *testing.T, home string) []string {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(home, "cache", "verbatim", "corpus", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(dirs, func(name string) bool { return strings.HasSuffix(name, ".lock") })
}

func TestCorpusCache(t *testing.T) {
	s := surroundings{home: t.TempDir()}
	dir := filepath.Join(t.TempDir(), "news")
	writeStory(t, dir, "Ada Novak opened the bridge over the Morava on Thursday, the city said.")
	ask := func() {
		t.Helper()
		r := runProgram(t, s, "ask", "--corpus", dir, "Who opened the bridge?")
		if r.code != exitDone || !strings.Contains(r.stdout, "Novak") {
			t.Errorf("%+v", r)
		}
	}
	ask()
	dirs := cached(t, s.home)
	if len(dirs) != 1 {
		t.Fatalf("%d indexes in the cache", len(dirs))
	}
	done := filepath.Join(dirs[0], "done.json")
	damage := map[string]func() error{
		"nothing":          func() error { return nil },
		"not whole":        func() error { return os.Remove(done) },
		"no word index":    func() error { return os.RemoveAll(filepath.Join(dirs[0], "words")) },
		"done is rubbish":  func() error { return os.WriteFile(done, []byte("{"), 0o600) },
		"rubbish":          func() error { return os.WriteFile(filepath.Join(dirs[0], "catalogue.db"), rubbish(), 0o600) },
		"catalogue missed": func() error { return os.Remove(filepath.Join(dirs[0], "catalogue.db")) },
	}
	for name, f := range damage {
		t.Run(name, func(t *testing.T) {
			if err := f(); err != nil {
				t.Fatal(err)
			}
			ask()
			after, err := os.ReadFile(done)
			if err != nil || !json.Valid(after) {
				t.Errorf("the index is not whole again: %q, %v", after, err)
			}
			if r := runProgram(t, s, "ask", "--corpus", dir, "Who opened the bridge?"); r.stderr != "" {
				t.Errorf("it is not used: %s", r.stderr)
			}
			if n := len(cached(t, s.home)); n != 1 {
				t.Errorf("%d indexes in the cache", n)
			}
		})
	}
	// What was not asked for long goes, when another corpus comes.
	old := time.Date(2021, 5, 1, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(done, old, old); err != nil {
		t.Fatal(err)
	}
	writeStory(t, dir, "Bela Novak opened the bridge over the Morava on Thursday, the city said.")
	ask()
	if now := cached(t, s.home); len(now) != 1 || now[0] == dirs[0] {
		t.Errorf("the cache holds %v", now)
	}
}

func rubbish() []byte { return []byte(strings.Repeat("no database ", 40)) }

// Of several processes with a corpus that nobody has indexed yet, one indexes it
// and the others wait.
func TestCorpusCacheIsMadeOnce(t *testing.T) {
	s := surroundings{home: t.TempDir()}
	dir := filepath.Join(t.TempDir(), "news")
	for i := range 300 {
		writeFile(t, filepath.Join(dir, fmt.Sprintf("%d.txt", i)), fmt.Sprintf("Story %d\n\nAda Novak opened bridge %d over the Morava on Thursday, the city said.\n", i, i))
	}
	results := make(chan result)
	const processes = 6
	for range processes {
		go func() { results <- runProgram(t, s, "ask", "--corpus", dir, "Who opened the bridge?") }()
	}
	for range processes {
		r := <-results
		if r.code != exitDone || !strings.Contains(r.stdout, "Novak") || strings.Contains(r.stderr, "in memory") {
			t.Errorf("%+v", r)
		}
	}
	if n := len(cached(t, s.home)); n != 1 {
		t.Errorf("%d indexes in the cache", n)
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
