package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verbatim/retrieval"
)

// Who only reads is not told of writing.
func TestReadingError(t *testing.T) {
	denied := fmt.Errorf("open catalogue: %w: %w", retrieval.ErrReadOnly, &fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission})
	got := readingError("data", denied)
	if want := "read the catalogue in data: permission denied; check the permissions"; !strings.HasPrefix(got.Error(), want) || !errors.Is(got, fs.ErrPermission) {
		t.Errorf("%v, want %q", got, want)
	}
	if got := readingError("data", retrieval.ErrDamaged); !errors.Is(got, retrieval.ErrDamaged) {
		t.Errorf("damaged: %v", got)
	}
}

func TestEmbeddingsKey(t *testing.T) {
	tests := []struct {
		name, chat, embeddings string
		keys                   Keys
		want                   string
	}{
		{"same server", "https://a/v1", "https://a/v1/", Keys{Chat: "chat"}, "chat"},
		{"another server", "https://a/v1", "https://b/v1", Keys{Chat: "chat"}, ""},
		{"its own key", "https://a/v1", "https://b/v1", Keys{Chat: "chat", Embeddings: "own"}, "own"},
		{"its own key on the same server", "https://a/v1", "https://a/v1", Keys{Chat: "chat", Embeddings: "own"}, "own"},
	}
	for _, tt := range tests {
		a := &App{Config: DefaultConfig(), Keys: tt.keys}
		a.Config.Model.BaseURL, a.Config.Embeddings.BaseURL = tt.chat, tt.embeddings
		if got := a.EmbeddingsKey(); got != tt.want {
			t.Errorf("%s: key %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestVectorCache(t *testing.T) {
	c := vectorCache{dir: filepath.Join(t.TempDir(), "vectors")}
	ctx := t.Context()
	if err := c.Put(ctx, map[string][]float32{"abcdef": {1, -2.5}, "ffff": {3}}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(c.path("ffff"), []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := c.Get(ctx, []string{"abcdef", "ffff", "missing"})
	if err != nil || len(got) != 1 || fmt.Sprint(got["abcdef"]) != "[1 -2.5]" {
		t.Errorf("%v, %v", got, err)
	}
}
