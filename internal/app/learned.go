package app

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"os"
	"path/filepath"

	"verbatim/internal/openai"
)

// learned keeps what was learnt of model servers in files of the cache, one a
// key. It implements openai.Learned.
type learned struct {
	dir string
	log *slog.Logger
}

func (l learned) path(key string) string {
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(l.dir, hex.EncodeToString(sum[:8])+".json")
}

// Get implements openai.Learned.
func (l learned) Get(key string) []byte {
	data, err := os.ReadFile(l.path(key))
	if err != nil {
		return nil
	}
	return data
}

// Put implements openai.Learned. A failure costs a call of the next run.
func (l learned) Put(key string, value []byte) {
	err := os.MkdirAll(l.dir, 0o700)
	if err == nil {
		err = os.WriteFile(l.path(key), value, 0o600)
	}
	if err != nil {
		l.log.Debug("keep what a model server takes", "err", err)
	}
}

// learnedServers returns where it is kept what model servers take, nil if
// nothing can be kept.
func (a *App) learnedServers() openai.Learned {
	if a.Places.Cache == "" {
		return nil
	}
	return learned{dir: filepath.Join(a.Places.Cache, "servers"), log: a.Log}
}
