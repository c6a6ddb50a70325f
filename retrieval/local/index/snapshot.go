package index

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

const (
	draftPrefix  = "draft-"
	manifestName = "manifest.json"
	storeDir     = "store" // where scorch puts a copy of an index
	// manifestBytes is the size up to which a manifest is read.
	manifestBytes = 1 << 20
)

// format is raised when the documents in the index or the manifest change
// their form.
const format = 2

// mergeFrom is the number of segments from which an index is merged into one
// before it is published: each costs a look-up for each term of a query.
const mergeFrom = 64

// Origin says of what an index was made.
type Origin struct {
	Catalogue string `json:"catalogue"` // its name
	Sequence  uint64 `json:"sequence"`  // of its last change
}

// Snapshot is an index over words on disk. It was written whole under another
// name, moved into place, and never changes: any number of processes read it
// while one publishes the next.
type Snapshot struct {
	path string
	manifest
}

// manifest says what a snapshot was made of, and what its files are.
type manifest struct {
	Format int    `json:"format"`
	Words  string `json:"words"` // hash of how texts become stems
	Origin
	Passages int             `json:"passages"`
	Files    map[string]file `json:"files"`
}

type file struct {
	Size int64  `json:"size"`
	CRC  uint32 `json:"crc"` // Castagnoli
}

// wordsVersion returns a hash of what package words makes of a text with all
// kinds of tokens, so that an index of other stems is never read.
func wordsVersion() string {
	const probe = "The U.S. Army's 1,037 soldiers weren't re-deployed; Zürich\u2019s naïve mayors (34.5%) flew " +
		"happily, arguing generously over skies, 日本 and A/B-tests: running, dying, news, universities, hopefully."
	var stems []string
	for token := range words.Tokens(probe) {
		stems = append(stems, words.Stem(token.Text))
	}
	return corpus.Hash(strings.Join(stems, " "))[:16]
}

// Newest returns the newest whole snapshot in dir of the catalogue with the
// name, or why there is none.
func Newest(dir, catalogue string) (s Snapshot, why string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return s, "it is missing"
	}
	why = "it is missing"
	for _, e := range slices.Backward(entries) {
		if strings.HasPrefix(e.Name(), draftPrefix) {
			continue
		}
		s, reason := readSnapshot(filepath.Join(dir, e.Name()), catalogue)
		if reason == "" {
			return s, ""
		}
		why = reason
	}
	return s, why
}

// readSnapshot checks the snapshot at path byte by byte: scorch itself maps its
// files into memory and trusts them.
func readSnapshot(path, catalogue string) (s Snapshot, why string) {
	data, err := readRegular(filepath.Join(path, manifestName))
	if err != nil {
		return s, "its manifest cannot be read"
	}
	if s.manifest, why = parseManifest(data); why != "" {
		return s, why
	}
	s.path = path
	if s.Catalogue != catalogue {
		return s, "it belongs to another catalogue"
	}
	for base, want := range s.Files {
		got, err := sum(filepath.Join(path, storeDir, base))
		if err != nil || got != want {
			return s, "its file " + base + " is damaged"
		}
	}
	return s, ""
}

// parseManifest reads a manifest, or says why it is of no use.
func parseManifest(data []byte) (m manifest, why string) {
	if json.Unmarshal(data, &m) != nil {
		return manifest{}, "its manifest is damaged"
	}
	if m.Format != format || m.Words != wordsVersion() {
		return manifest{}, "another version of this program made it"
	}
	if len(m.Files) == 0 || m.Passages < 0 {
		return manifest{}, "its manifest is damaged"
	}
	for base := range m.Files {
		if base == "" || base == "." || base == ".." || strings.ContainsAny(base, `/\`) {
			return manifest{}, "its manifest is damaged"
		}
	}
	return m, ""
}

// readRegular reads a small regular file. Reading a FIFO would never end.
func readRegular(path string) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, manifestBytes+1))
	if err == nil && len(data) > manifestBytes {
		err = fmt.Errorf("%s has over %d bytes", path, manifestBytes)
	}
	return data, err
}

func openRegular(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	return os.Open(path)
}

func sum(path string) (s file, err error) {
	f, err := openRegular(path)
	if err != nil {
		return s, err
	}
	defer f.Close()
	h := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	s.Size, err = io.Copy(h, f)
	s.CRC = h.Sum32()
	return s, err
}

// Publish writes the index as a snapshot in dir, checked by reading it back. It
// has to have that many passages, or Publish returns ErrShort. The caller is the
// only one that publishes.
func (x *Words) Publish(ctx context.Context, dir string, of Origin, passages int) (s Snapshot, err error) {
	if err := x.expect(passages); err != nil {
		return s, fmt.Errorf("publish word index: %w", err)
	}
	draft := filepath.Join(dir, draftPrefix+rand.Text()[:8])
	defer os.RemoveAll(draft)
	if err := x.copyTo(draft); err != nil {
		return s, err
	}
	if x.segments() >= mergeFrom {
		merged := draft + "-merged"
		defer os.RemoveAll(merged)
		if err := merge(ctx, draft, merged, passages); err != nil {
			return s, err
		}
		draft = merged
	}
	s.path, s.manifest = draft, manifest{Format: format, Words: wordsVersion(), Origin: of, Passages: passages}
	if err := s.seal(); err != nil {
		return s, err
	}
	s.path = filepath.Join(dir, fmt.Sprintf("%016x-%s", of.Sequence, rand.Text()[:8]))
	return s, os.Rename(draft, s.path)
}

// seal opens what was written, to see that all passages are in it, and writes
// the manifest.
func (s *Snapshot) seal() error {
	written, err := OpenWords(*s)
	if err != nil {
		return fmt.Errorf("read the word index back: %w", err)
	}
	if err := written.Close(); err != nil {
		return err
	}
	entries, err := os.ReadDir(filepath.Join(s.path, storeDir))
	if err != nil {
		return err
	}
	s.Files = make(map[string]file, len(entries))
	for _, e := range entries {
		if s.Files[e.Name()], err = sum(filepath.Join(s.path, storeDir, e.Name())); err != nil {
			return err
		}
	}
	data, err := json.MarshalIndent(s.manifest, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.path, manifestName), data, 0o600)
}

// Sweep removes everything in dir but s.
func (s Snapshot) Sweep(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if old := filepath.Join(dir, e.Name()); old != s.path {
			// If another process keeps it from going, the next sweep removes it.
			_ = os.RemoveAll(old)
		}
	}
}

// target is a directory that scorch copies an index to.
type target string

// GetWriter implements index.Directory.
func (t target) GetWriter(name string) (io.WriteCloser, error) {
	path := filepath.Join(string(t), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
}

func (x *Words) copyTo(path string) error {
	reader := x.index.(index.CopyIndex).CopyReader()
	defer reader.CloseCopyReader()
	if err := reader.CopyTo(target(path)); err != nil {
		return fmt.Errorf("copy word index: %w", err)
	}
	return nil
}

// segments returns the number of parts that the index is in.
func (x *Words) segments() int {
	reader, err := x.index.Reader()
	if err != nil {
		return 0
	}
	defer reader.Close()
	return len(reader.(*scorch.IndexSnapshot).Segments())
}

// merge writes the index at from, which has that many passages, to the
// directory to, in one segment.
func merge(ctx context.Context, from, to string, passages int) (err error) {
	x, err := startWords(map[string]any{"path": filepath.Join(from, storeDir)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	if err := x.expect(passages); err != nil {
		return fmt.Errorf("merge word index: %w", err)
	}
	if err := x.index.(*scorch.Scorch).ForceMerge(ctx, nil); err != nil {
		return fmt.Errorf("merge word index: %w", err)
	}
	return x.copyTo(to)
}

// Refs returns the refs of all passages of the article with the bare ID that
// the index has, of whatever revision.
func (x *Words) Refs(bare string) ([]string, error) {
	reader, err := x.index.Reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	found := map[string]bool{}
	for _, prefix := range []string{bare + ":", bare + "."} {
		dict, err := reader.FieldDictPrefix(idField, []byte(prefix))
		if err != nil {
			return nil, fmt.Errorf("read word index: %w", err)
		}
		for {
			entry, err := dict.Next()
			if err != nil {
				return nil, fmt.Errorf("read word index: %w", err)
			}
			if entry == nil {
				break
			}
			found[entry.Term] = true
		}
		if err := dict.Close(); err != nil {
			return nil, err
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}
