package index

import (
	"context"
	"encoding/json"
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

// A word index on disk is published: written whole under another name, moved
// into place and never changed again. Any number of processes read it while
// another one publishes the next; what has changed since lies in memory.
const (
	indexDir     = "words"
	draftPrefix  = "draft-"
	manifestName = "manifest.json"
	storeDir     = "store" // where scorch puts a copy of an index
)

// indexFormat is raised when the documents in the index change their form.
const indexFormat = 1

// mergeFrom is the number of segments from which an index is merged into one
// before it is published: each costs a look-up for each term of a query.
const mergeFrom = 64

// manifest says of what a published index was made, and what its files are.
type manifest struct {
	Format    int             `json:"format"`
	Words     string          `json:"words"`     // hash of how texts become stems
	Catalogue string          `json:"catalogue"` // its name
	Sequence  uint64          `json:"sequence"`  // of the catalogue
	Files     map[string]file `json:"files"`
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

// indexSnapshot is a word index on disk. It never changes.
type indexSnapshot struct {
	path string
	manifest
}

// findSnapshot returns the newest whole index of the catalogue of that name,
// or why there is none.
func findSnapshot(dir, name string) (p indexSnapshot, why string) {
	entries, err := os.ReadDir(filepath.Join(dir, indexDir))
	if err != nil {
		return p, "it is missing"
	}
	why = "it is missing"
	for _, e := range slices.Backward(entries) {
		if strings.HasPrefix(e.Name(), draftPrefix) {
			continue
		}
		p, reason := readSnapshot(filepath.Join(dir, indexDir, e.Name()), name)
		if reason == "" {
			return p, ""
		}
		why = reason
	}
	return p, why
}

// readSnapshot checks the index at path byte by byte: scorch itself maps its
// files into memory and trusts them.
func readSnapshot(path, name string) (p indexSnapshot, why string) {
	data, err := os.ReadFile(filepath.Join(path, manifestName))
	if err != nil {
		return p, "its manifest cannot be read"
	}
	if json.Unmarshal(data, &p.manifest) != nil || len(p.Files) == 0 {
		return p, "its manifest is damaged"
	}
	p.path = path
	switch {
	case p.Format != indexFormat || p.Words != wordsVersion():
		return p, "another version of this program made it"
	case p.Catalogue != name:
		return p, "it belongs to another catalogue"
	}
	for base, want := range p.Files {
		got, err := sum(filepath.Join(path, storeDir, filepath.Base(base)))
		if err != nil || got != want {
			return p, "its file " + base + " is damaged"
		}
	}
	return p, ""
}

func sum(path string) (s file, err error) {
	f, err := os.Open(path)
	if err != nil {
		return s, err
	}
	defer f.Close()
	h := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	s.Size, err = io.Copy(h, f)
	s.CRC = h.Sum32()
	return s, err
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

// publish writes the index as the one of the given state of the catalogue
// and takes the older ones away. The caller holds the writer lock.
func (w *wordIndex) publish(ctx context.Context, dir string, s state) (p indexSnapshot, err error) {
	root := filepath.Join(dir, indexDir)
	draft := filepath.Join(root, draftPrefix+unique())
	defer os.RemoveAll(draft)
	if err := w.copyTo(draft); err != nil {
		return p, err
	}
	if w.segments() >= mergeFrom {
		merged := draft + "-merged"
		defer os.RemoveAll(merged)
		if err := merge(ctx, draft, merged); err != nil {
			return p, err
		}
		draft = merged
	}
	p.manifest = manifest{Format: indexFormat, Words: wordsVersion(), Catalogue: s.name, Sequence: s.sequence, Files: map[string]file{}}
	entries, err := os.ReadDir(filepath.Join(draft, storeDir))
	if err != nil {
		return p, err
	}
	for _, e := range entries {
		if p.Files[e.Name()], err = sum(filepath.Join(draft, storeDir, e.Name())); err != nil {
			return p, err
		}
	}
	data, err := json.MarshalIndent(p.manifest, "", "  ")
	if err != nil {
		return p, err
	}
	if err := os.WriteFile(filepath.Join(draft, manifestName), data, 0o600); err != nil {
		return p, err
	}
	p.path = filepath.Join(root, fmt.Sprintf("%016x-%s", s.sequence, unique()))
	if err := os.Rename(draft, p.path); err != nil {
		return p, err
	}
	return p, nil
}

// sweep takes away every index of dir but the one at path.
func sweep(dir, path string) {
	root := filepath.Join(dir, indexDir)
	entries, _ := os.ReadDir(root)
	for _, e := range entries {
		if old := filepath.Join(root, e.Name()); old != path {
			// Where another process keeps it from going, the next sweep does it.
			_ = os.RemoveAll(old)
		}
	}
}

func (w *wordIndex) copyTo(path string) error {
	reader := w.index.(index.CopyIndex).CopyReader()
	defer reader.CloseCopyReader()
	if err := reader.CopyTo(target(path)); err != nil {
		return fmt.Errorf("copy word index: %w", err)
	}
	return nil
}

// segments returns the number of parts that the index is in.
func (w *wordIndex) segments() int {
	reader, err := w.index.Reader()
	if err != nil {
		return 0
	}
	defer reader.Close()
	return len(reader.(*scorch.IndexSnapshot).Segments())
}

// merge writes the index at from to the directory to, in one segment.
func merge(ctx context.Context, from, to string) error {
	w, err := startWords(map[string]any{"path": filepath.Join(from, storeDir)})
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.index.(*scorch.Scorch).ForceMerge(ctx, nil); err != nil {
		return fmt.Errorf("merge word index: %w", err)
	}
	return w.copyTo(to)
}

// refs returns the refs of all passages of the article with the bare ID that
// the index holds, of whatever revision.
func (w *wordIndex) refs(bare string) ([]string, error) {
	reader, err := w.index.Reader()
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
