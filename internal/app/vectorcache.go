package app

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"verbatim/internal/openai"
)

// vectorCache keeps the vectors of an ingest under way, a file each, so that
// one that was interrupted does not pay twice. They go when the ingest has
// ended, for then the catalogue holds them.
type vectorCache struct{ dir string }

// path returns the file of a key. Keys are hashes in hex.
func (c vectorCache) path(key string) string {
	return filepath.Join(c.dir, key[:min(2, len(key))], key)
}

// Get implements openai.VectorCache. A damaged file counts as missing.
func (c vectorCache) Get(ctx context.Context, keys []string) (map[string][]float32, error) {
	out := make(map[string][]float32)
	for _, k := range keys {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		data, err := os.ReadFile(c.path(k))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return out, fmt.Errorf("read a kept vector: %w", err)
		}
		if v, ok := decodeVector(data); ok {
			out[k] = v
		}
	}
	return out, nil
}

// Put implements openai.VectorCache.
func (c vectorCache) Put(ctx context.Context, vectors map[string][]float32) error {
	for k, v := range vectors {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := os.MkdirAll(filepath.Dir(c.path(k)), 0o700); err != nil {
			return fmt.Errorf("keep a vector: %w", err)
		}
		if err := os.WriteFile(c.path(k), encodeVector(v), 0o600); err != nil {
			return fmt.Errorf("keep a vector: %w", err)
		}
	}
	return nil
}

// clear removes all that is kept.
func (c vectorCache) clear() error { return os.RemoveAll(c.dir) }

// encodeVector writes the components as little-endian float32 and their CRC.
func encodeVector(v []float32) []byte {
	out := make([]byte, 0, 4*len(v)+4)
	for _, x := range v {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
	}
	return binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(out))
}

func decodeVector(data []byte) ([]float32, bool) {
	n := len(data) - 4
	if n <= 0 || n%4 != 0 || crc32.ChecksumIEEE(data[:n]) != binary.LittleEndian.Uint32(data[n:]) {
		return nil, false
	}
	v := make([]float32, n/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return v, true
}

// vectorCache returns where vectors that were paid for are kept until they are
// stored, nil if nothing is to be kept or can be.
func (w *Workspace) vectorCache() openai.VectorCache {
	if w.keepVectors && w.app.Places.Cache != "" {
		return vectorCache{dir: w.app.Places.vectors()}
	}
	return nil
}
