// Package load finds articles in files, folders and JSON Lines.
//
// A source that cannot be read is yielded as a *retrieval.Refusal in plain
// words, and the rest goes on.
package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"unicode/utf8"

	"verbatim/retrieval"
)

// DefaultMaxBytes is the size limit of a file and of a JSON line.
const DefaultMaxBytes = 20 << 20

// DefaultMaxUnpacked is the size limit of what a compressed file has in it.
const DefaultMaxUnpacked = 8 << 30

// Options say how sources are loaded.
type Options struct {
	// MaxBytes is the greatest size of a text file and of one line of JSON
	// Lines, in bytes; 0 means DefaultMaxBytes. It bounds the memory that a
	// file of JSON Lines of any size takes.
	MaxBytes int64
	// MaxUnpacked is the greatest size that a compressed file may unpack to, in
	// bytes; 0 means DefaultMaxUnpacked. A file that unpacks to much more than
	// articles do is not read to its end in any case.
	MaxUnpacked int64
	// MaxLines is the number of lines of JSON Lines that are read of a file; 0
	// means all.
	MaxLines int
}

func (o Options) maxBytes() int64 {
	if o.MaxBytes <= 0 {
		return DefaultMaxBytes
	}
	return o.MaxBytes
}

func (o Options) maxUnpacked() int64 {
	if o.MaxUnpacked <= 0 {
		return DefaultMaxUnpacked
	}
	return o.MaxUnpacked
}

// Paths yields the articles of files and folders, in the order of paths and
// of the names in a folder. A file of a folder has the source "FOLDER/NAME",
// and so has a file that is given by itself. Errors are *retrieval.Refusal,
// or the error of a cancelled ctx, which is the last.
func Paths(ctx context.Context, paths []string, o Options) iter.Seq2[retrieval.Item, error] {
	return func(yield func(retrieval.Item, error) bool) {
		for _, p := range paths {
			for item, err := range one(ctx, p, o) {
				if !yield(item, err) {
					return
				}
			}
			if ctx.Err() != nil {
				return
			}
		}
	}
}

// one yields the articles of one file or folder.
func one(ctx context.Context, p string, o Options) iter.Seq2[retrieval.Item, error] {
	return func(yield func(retrieval.Item, error) bool) {
		info, err := os.Stat(p)
		if err != nil {
			yield(retrieval.Item{}, &retrieval.Refusal{Source: printable(p), Why: why(err)})
			return
		}
		abs, err := filepath.Abs(p)
		if err != nil {
			yield(retrieval.Item{}, fmt.Errorf("find %s: %w", p, err))
			return
		}
		if info.IsDir() {
			f := newFolder(os.DirFS(abs), filepath.Base(abs), o, yield)
			if f.dir, err = filepath.EvalSymlinks(abs); err != nil {
				yield(retrieval.Item{}, &retrieval.Refusal{Source: printable(p), Why: why(err)})
				return
			}
			f.walk(ctx)
			return
		}
		dir, name := filepath.Split(abs)
		f := newFolder(os.DirFS(dir), filepath.Base(filepath.Clean(dir)), o, yield)
		f.file(ctx, name)
		f.cancelled(ctx)
	}
}

// FS yields the articles of a file system whose root folder is called root.
func FS(ctx context.Context, fsys fs.FS, root string, o Options) iter.Seq2[retrieval.Item, error] {
	return func(yield func(retrieval.Item, error) bool) {
		newFolder(fsys, root, o, yield).walk(ctx)
	}
}

// folder is a root folder that is being read.
type folder struct {
	fsys    fs.FS
	dir     string // on disk, without links; links do not leave it; "" where they may
	root    string
	o       Options
	yield   func(retrieval.Item, error) bool
	stopped bool             // yield wants no more
	given   map[string]given // by folder
	found   int              // files of a known kind
}

func newFolder(fsys fs.FS, root string, o Options, yield func(retrieval.Item, error) bool) *folder {
	return &folder{fsys: fsys, root: root, o: o, yield: yield, given: make(map[string]given)}
}

// emit yields, and reports whether to go on.
func (f *folder) emit(item retrieval.Item, err error) bool {
	f.stopped = f.stopped || !f.yield(item, err)
	return !f.stopped
}

// cancelled yields the error of a cancelled ctx.
func (f *folder) cancelled(ctx context.Context) {
	if err := ctx.Err(); err != nil && !f.stopped {
		f.emit(retrieval.Item{}, err)
	}
}

func (f *folder) source(name string) string { return f.root + "/" + name }

// refuse reports that name is not taken, and whether to go on.
func (f *folder) refuse(name, why string) bool {
	return f.emit(retrieval.Item{}, &retrieval.Refusal{Source: printable(f.source(name)), Why: why})
}

// walk reads all files of the folder and of the folders in it.
func (f *folder) walk(ctx context.Context) {
	err := fs.WalkDir(f.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return fs.SkipAll
		}
		skip := error(nil)
		if d != nil && d.IsDir() {
			skip = fs.SkipDir
		}
		base := path.Base(name)
		switch {
		case !utf8.ValidString(name):
			return f.goOn(f.refuse(name, "its name is not UTF-8; rename it"), skip)
		case err != nil:
			return f.goOn(f.refuse(name, why(err)), skip)
		case name != "." && strings.HasPrefix(base, "."):
			return skip
		case d.IsDir():
			return f.goOn(f.metadata(name).missing(f), nil)
		case ignored(base):
			return nil
		}
		return f.goOn(f.file(ctx, name), nil)
	})
	f.cancelled(ctx)
	if err == nil && f.found == 0 && ctx.Err() == nil {
		f.emit(retrieval.Item{}, &retrieval.Refusal{Source: printable(f.root), Why: "the folder holds no file of the formats " + Formats()})
	}
}

// goOn returns next, or the end of the walk where the caller wants no more.
func (f *folder) goOn(more bool, next error) error {
	if !more {
		return errStop
	}
	return next
}

var errStop = errors.New("stop")

// ignored reports whether a file is passed over in silence.
func ignored(base string) bool {
	return base == articlesFile || len(base) >= 6 && strings.EqualFold(base[:6], "README")
}

// file reads one file, and reports whether to go on.
func (f *folder) file(ctx context.Context, name string) bool {
	if !utf8.ValidString(name) {
		return f.refuse(name, "its name is not UTF-8; rename it")
	}
	format, ok := formatOf(name)
	if !ok {
		return f.refuse(name, f.whyUnknown(name))
	}
	f.found++
	// A named pipe blocks when it is opened, so the kind of file is asked for first.
	info, err := fs.Stat(f.fsys, name)
	switch {
	case err != nil:
		return f.refuse(name, why(err))
	case info.IsDir():
		return f.refuse(name, linkToFolder)
	case !info.Mode().IsRegular():
		return f.refuse(name, "it is not a regular file")
	case f.leaves(name):
		return f.refuse(name, errLeaves.Error())
	case format.whole && info.Size() > f.o.maxBytes():
		return f.refuse(name, tooLarge(info.Size(), f.o.maxBytes()))
	}
	file, err := f.fsys.Open(name)
	if err != nil {
		return f.refuse(name, why(err))
	}
	defer file.Close()
	return format.read(f, ctx, name, file)
}

const linkToFolder = "it is a link to a folder; name that folder itself"

var errLeaves = errors.New("it is a link to a file outside of the folder; name that file itself")

// leaves reports whether name is a link that leads out of the folder, where a
// folder of someone else's could have private files taken in.
func (f *folder) leaves(name string) bool {
	if f.dir == "" {
		return false
	}
	at, err := filepath.EvalSymlinks(filepath.Join(f.dir, filepath.FromSlash(name)))
	if err != nil {
		return false // opening it tells why
	}
	rel, err := filepath.Rel(f.dir, at)
	return err != nil || !filepath.IsLocal(rel)
}

// whyUnknown says why a file of no known kind is not taken: links to folders
// and links that lead nowhere are of none.
func (f *folder) whyUnknown(name string) string {
	switch info, err := fs.Stat(f.fsys, name); {
	case err != nil:
		return why(err)
	case info.IsDir():
		return linkToFolder
	}
	return "its format is not one of " + Formats()
}

// text reads a text file as one article, or as several if it is the download
// of a news archive that holds them.
func (f *folder) text(name string, r io.Reader) bool {
	raw, err := io.ReadAll(io.LimitReader(r, f.o.maxBytes()+1))
	if err != nil {
		return f.refuse(name, why(err))
	}
	if int64(len(raw)) > f.o.maxBytes() {
		return f.refuse(name, tooLarge(int64(len(raw)), f.o.maxBytes()))
	}
	g := f.metadata(path.Dir(name))
	if g.err != nil && !g.told && !g.tell(f) {
		return false
	}
	given := g.files[path.Base(name)].Given
	parts := split(raw)
	if len(parts) < 2 {
		return f.emit(retrieval.Item{Source: f.source(name), Raw: raw, Given: given}, nil)
	}
	// A title or an address is that of one article, not of all.
	given.Title, given.URL = "", ""
	for i, part := range parts {
		item := retrieval.Item{Source: fmt.Sprintf("%s#%d", f.source(name), i+1), Raw: part, Given: given}
		if !f.emit(item, nil) {
			return false
		}
	}
	return true
}

func tooLarge(size, limit int64) string {
	return fmt.Sprintf("it has %.1f MB, more than the limit of %.1f MB", float64(size)/1e6, float64(limit)/1e6)
}

// why says in plain words what went wrong with a file.
func why(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "the file or folder does not exist"
	case errors.Is(err, fs.ErrPermission):
		return "it may not be read: permission denied"
	case errors.Is(err, syscall.ELOOP):
		return "it is a link that leads back to itself"
	case errors.Is(err, syscall.ENAMETOOLONG):
		return "its name is too long"
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return "it cannot be read: " + err.Error()
}

// printable returns a name with what is not UTF-8 replaced.
func printable(name string) string { return strings.ToValidUTF8(name, "\uFFFD") }
