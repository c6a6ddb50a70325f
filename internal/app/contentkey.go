package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"verbatim/retrieval/load"
)

// contentKey returns a hash of everything that the index of --corpus depends on:
// the names and bytes of the files that are read, the articles.yaml that apply to
// them, the limits and embeddings of the config, and the build of the program.
func (a *App) contentKey(ctx context.Context) (string, error) {
	k := &keyer{ctx: ctx, h: sha256.New(), memo: a.readHashes()}
	k.add("build", thisBuild())
	k.add("config", fmt.Sprint(a.Config.Ingest.MaxBytes, a.Config.Ingest.MaxUnpacked), fmt.Sprintf("%+v", a.Config.Embeddings))
	for _, path := range a.Corpus {
		if err := k.path(path); err != nil {
			return "", err
		}
	}
	a.writeHashes(k.memo)
	return hex.EncodeToString(k.h.Sum(nil)[:16]), nil
}

// keyer hashes the files of a corpus.
type keyer struct {
	ctx  context.Context
	h    hash.Hash
	memo *hashes
}

func (k *keyer) add(parts ...string) { fmt.Fprintf(k.h, "%q\n", parts) }

// path adds a file or a folder, under the name that its articles' sources begin
// with.
func (k *keyer) path(path string) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(abs)
	if err != nil {
		return err
	}
	if info.IsDir() {
		k.add("folder", filepath.Base(abs))
		return k.folder(abs)
	}
	dir := filepath.Dir(abs)
	k.add("file", filepath.Base(dir), filepath.Base(abs))
	if err := k.file(abs); err != nil {
		return err
	}
	return k.file(filepath.Join(dir, load.MetadataFile))
}

// folder adds the files of a folder that the loader would read.
func (k *keyer) folder(root string) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if k.ctx.Err() != nil {
			return k.ctx.Err()
		}
		rel, rerr := filepath.Rel(root, name)
		if err != nil || rerr != nil {
			k.add("unreadable", rel)
			return nil
		}
		switch base := filepath.Base(name); {
		case d.IsDir() && strings.HasPrefix(base, ".") && name != root:
			return fs.SkipDir
		case d.IsDir() || !load.Takes(base):
			return nil
		}
		k.add("file", filepath.ToSlash(rel))
		if d.Type()&fs.ModeSymlink != 0 && leaves(root, name) {
			k.add("outside") // the loader refuses it
			return nil
		}
		return k.file(name)
	})
}

// leaves reports whether the link at name leads out of root.
func leaves(root, name string) bool {
	within, err := filepath.EvalSymlinks(root)
	if err != nil {
		return false
	}
	at, err := filepath.EvalSymlinks(name)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(within, at)
	return err != nil || !filepath.IsLocal(rel)
}

// file adds the content of a regular file, or the fact that there is none.
func (k *keyer) file(name string) error {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		k.add("no file")
		return nil
	}
	if sum, ok := k.memo.get(info); ok {
		k.add(sum)
		return nil
	}
	began := time.Now()
	f, err := os.Open(name)
	if err != nil {
		k.add("unreadable")
		return nil
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, &untilDone{k.ctx, f}); err != nil {
		if k.ctx.Err() != nil {
			return k.ctx.Err()
		}
		k.add("unreadable")
		return nil
	}
	sum := hex.EncodeToString(h.Sum(nil))
	k.memo.put(info, sum, began)
	k.add(sum)
	return nil
}

// untilDone reads from r until ctx is done.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u *untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

// settled is how much older than its hashing the last change of a file must be
// for the hash to be remembered: times on disk are coarse, and a file may change
// twice within one tick.
const settled = 2 * time.Second

// maxHashes is the greatest number of remembered hashes.
const maxHashes = 100_000

// hashes remembers the hashes of files by the file's identity, so that a corpus
// that has not changed is not read to answer a question.
type hashes struct {
	Files   map[string]fileHash `json:"files"` // by device and inode
	changed bool
}

// fileHash is the hash of a file of this size and these times (in nanoseconds).
type fileHash struct {
	Size    int64  `json:"size"`
	Written int64  `json:"written"`
	Changed int64  `json:"changed"` // content, name or rights
	Sum     string `json:"sum"`
}

func (m *hashes) get(info fs.FileInfo) (string, bool) {
	id, changed, ok := identity(info)
	if !ok {
		return "", false
	}
	f, ok := m.Files[id]
	ok = ok && f.Size == info.Size() && f.Written == info.ModTime().UnixNano() && f.Changed == changed.UnixNano()
	return f.Sum, ok
}

// put remembers the hash of a file that was begun to be read at began.
func (m *hashes) put(info fs.FileInfo, sum string, began time.Time) {
	id, changed, ok := identity(info)
	if !ok || began.Sub(info.ModTime()) < settled || began.Sub(changed) < settled {
		return
	}
	if len(m.Files) >= maxHashes {
		clear(m.Files)
	}
	m.Files[id] = fileHash{info.Size(), info.ModTime().UnixNano(), changed.UnixNano(), sum}
	m.changed = true
}

func (a *App) hashesPath() string { return filepath.Join(a.Places.Cache, "hashes.json") }

// readHashes returns the remembered hashes; a damaged file counts as none.
func (a *App) readHashes() *hashes {
	m := &hashes{}
	data, err := readRegular(a.hashesPath())
	if err == nil {
		err = json.Unmarshal(data, m)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		a.Log.Debug("read the remembered hashes", "err", err)
	}
	if m.Files == nil {
		m.Files = make(map[string]fileHash)
	}
	return m
}

// writeHashes keeps the remembered hashes. Of several processes the last one
// wins, which costs the others' files another hashing.
func (a *App) writeHashes(m *hashes) {
	if !m.changed {
		return
	}
	data, err := json.Marshal(m)
	if err == nil {
		err = replaceFile(a.hashesPath(), data)
	}
	if err != nil {
		a.Log.Debug("remember hashes", "err", err)
	}
}

// replaceFile writes a file so that a reader sees the old or the new one whole.
func replaceFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// thisBuild tells this build of the program from others: an index that another
// build has made may rest on other rules and is made again. The linker writes an
// id that is a hash of all code near the start of the file.
func thisBuild() string {
	const head = 64 << 10
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.CopyN(h, f, head); err != nil && err != io.EOF {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}
