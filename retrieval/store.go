package retrieval

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
)

// Errors that a Store or an Embedder returns, wrapped. Test with errors.Is.
var (
	ErrNotFound  = errors.New("no such article")
	ErrDimension = errors.New("vector of another dimension")
	ErrVector    = errors.New("vector is zero or not finite")
	ErrModel     = errors.New("vectors of another embedding model")
	ErrReadOnly  = errors.New("the store cannot be written")
	ErrLocked    = errors.New("another process is writing")
	ErrDamaged   = errors.New("the catalogue is damaged")
	ErrNewer     = errors.New("the catalogue was written by a newer version of this program")
	ErrOlder     = errors.New("the catalogue was written by an older version of this program")
	ErrFull      = errors.New("no space is left")
)

// Store keeps articles with their passages and finds passages by words and by
// vector. Every method may be called from many goroutines; readers go on while
// one writer writes. A cancelled context gives its error, never a part of a
// result.
//
// A store may also be a Locker and a Maintainer.
type Store interface {
	Catalogue
	Index
	Close() error
}

// Catalogue is the part of a Store that keeps articles. It is all of a store
// that cannot be rebuilt.
type Catalogue interface {
	// Put stores each entry whole or, if it returns an error, none of them.
	// An entry replaces the one of the same article ID, with its vectors and
	// derived data. If the ID is a later revision of a stored article, only the
	// later one is searched from then on; the earlier one can still be read.
	// A zero or non-finite vector is ErrVector, one of another length than the
	// store's ErrDimension, another model than the store's ErrModel.
	Put(ctx context.Context, entries []Entry) error

	// Delete removes all revisions of the articles with these bare IDs, and
	// everything derived from them. An unknown ID is ErrNotFound, and then
	// nothing is removed.
	Delete(ctx context.Context, ids []string) error

	// Removed returns the highest revision that Delete removed of each article,
	// by bare ID, also if it was stored again since. A later revision counts on
	// from there, so that no ref ever means another text.
	Removed(ctx context.Context) (map[string]int, error)

	// Article returns one revision by "ID" (the first) or "ID.n", with its
	// body and furniture; Raw may be nil. It is ErrNotFound if there is none,
	// and ErrDamaged if it is not as it was stored.
	// Dates are inferred again when the corpus changes.
	Article(ctx context.Context, id string) (*corpus.Article, error)

	// Original is Article with the raw bytes as they were received.
	Original(ctx context.Context, id string) (*corpus.Article, error)

	// Articles lists the newest revision of every article that f admits, in
	// the order of their sources.
	Articles(ctx context.Context, f Filter) ([]corpus.Info, error)

	// Stats counts the newest revisions of the articles that f admits. It costs
	// less than Articles.
	Stats(ctx context.Context, f Filter) (Stats, error)

	// Derived returns the data of a kind that was stored with the newest
	// revisions of the articles that f admits, in the order of Articles.
	Derived(ctx context.Context, kind string, f Filter) ([]Derived, error)

	// Backup writes all articles with their revisions, and what Removed returns,
	// to a new file at path, in one consistent state. It is fs.ErrExist if there
	// is a file.
	Backup(ctx context.Context, path string) error
}

// Index is the part of a Store that finds passages. It is derived from the
// articles. A search that cannot be answered from all of them is an error,
// never a shorter result.
type Index interface {
	// Passages returns the spans that a newest revision was cut into, or
	// ErrNotFound.
	Passages(ctx context.Context, id string) ([]corpus.Span, error)

	// Words returns the k best passages by BM25 over q's terms, best first;
	// ties go to the newer article, then the smaller ref. A query without
	// terms finds nothing.
	Words(ctx context.Context, q WordQuery, k int, f Filter) (WordHits, error)

	// Spellings returns the indexed stems that begin with the same byte as
	// stem and are within so many edits of it (at most 2), without stem itself,
	// with the number of passages that contain each.
	Spellings(ctx context.Context, stem string, edits int) (map[string]int, error)

	// Nearest returns the k passages with the highest cosine similarity to
	// vector, best first, ties as in Words. It is ErrModel if model is not the
	// one that the stored vectors came from.
	Nearest(ctx context.Context, model string, vector []float32, k int, f Filter) ([]Candidate, error)

	// VectorModel names the model of the stored vectors, "" if there are none.
	VectorModel(ctx context.Context) (string, error)

	// Unembedded returns the IDs of the newest revisions that have passages and
	// no vectors, of all articles.
	Unembedded(ctx context.Context) ([]string, error)

	// ForgetVectors removes all vectors and their model, so that Put takes those
	// of another one. Passages are found by words alone until they are put again.
	ForgetVectors(ctx context.Context) error
}

// Locker is a Store that several processes share. What is read to decide what
// to Put or Delete is read after Lock.
type Locker interface {
	// Lock makes this process the only one that writes until unlock is called.
	// ErrLocked names the one that does. Put and Delete take the lock
	// themselves if it is not held.
	Lock(ctx context.Context) (unlock func(), err error)
}

// Maintainer is a Store that can be examined and repaired.
type Maintainer interface {
	// Check reads all that is stored and compares the indexes with it.
	Check(ctx context.Context) (Health, error)
	// Rebuild makes everything derived again from the articles. progress, if
	// set, is told how many articles of all are done.
	Rebuild(ctx context.Context, progress func(done, all int)) error
}

// Versioned is a Store that knows by which rules its articles were read.
type Versioned interface {
	// Reading returns the ReadingVersion that the stored articles were read by,
	// 0 if it is unknown.
	Reading(ctx context.Context) (int, error)
	// SetReading stores it.
	SetReading(ctx context.Context, version int) error
}

// Health is what Check found.
type Health struct {
	Articles  int // newest revisions
	Revisions int // all that are kept
	Passages  int // that are searched
	Vectors   int // of them
	Model     string
	Schema    int // version of the files
	// Problems are what is wrong, each a sentence; empty if all is well.
	Problems []string
}

// Stats counts articles.
type Stats struct {
	Articles, Passages int
	Bytes              int64       // of bodies
	Dated              int         // articles with a date
	From, Until        corpus.Date // of the dated ones, "" if there are none
	// Outlets counts articles by outlet or, without one, by agency. Articles
	// with neither are not in it. It is shared and must not be changed.
	Outlets map[string]int
	// Unreadable are the IDs of the revisions in scope that were found to be
	// damaged. They are not searched, or cannot be shown.
	Unreadable []string
}

// Add counts the article of info.
func (s *Stats) Add(info *corpus.Info) {
	s.Articles++
	s.Passages += info.Passages
	s.Bytes += int64(info.Bytes)
	if day := info.Published; day != "" {
		s.Dated++
		if s.From == "" || day < s.From {
			s.From = day
		}
		s.Until = max(s.Until, day)
	}
	if info.Outlet == "" && info.Agency == "" {
		return
	}
	if s.Outlets == nil {
		s.Outlets = make(map[string]int)
	}
	s.Outlets[info.Name()]++
}

// Entry is one article as a Store takes it.
type Entry struct {
	Article  *corpus.Article
	Passages []corpus.Span // in order; none contains furniture
	// Vectors has one vector a passage, nil for a passage without one; or is
	// empty if the article is to be found by words alone.
	Vectors [][]float32
	Model   string // that made Vectors
	Derived []Derived
}

// Derived is what a package made of an article to use it later: a sketch to
// find copies by, for example. An article has at most one of a kind.
type Derived struct {
	Article string // the ID; set by the store
	Kind    string
	Version string // of what made it
	Data    []byte
}

// Candidate is a passage with the score that one index gave it.
type Candidate struct {
	Ref   corpus.Ref
	Score float64
}

// WordQuery asks for passages by their words.
type WordQuery struct {
	Terms []Term
}

// Term is one stem as words.Stem makes it, with what a match is worth
// relative to others (0 means 1).
type Term struct {
	Text  string
	Boost float64
}

// WordHits are the passages found by words.
type WordHits struct {
	Hits []Candidate
	// Frequency is the number of passages that hold each term of the query,
	// whatever the filter.
	Frequency map[string]int
	// Passages is the number of all searched passages, whatever the filter.
	Passages int
}

// Filter limits what is searched or listed. The zero Filter admits the
// operator's whole corpus.
type Filter struct {
	// Outlets are outlet or agency names; any matches, whatever its case.
	Outlets []string
	// Since and Until are included; an undated article passes neither.
	Since, Until corpus.Date
	// IDs are bare article IDs; none means all.
	IDs []string
	// Except are bare IDs of articles that are left out.
	Except []string
	// Scope is what may be seen at all.
	Scope corpus.Scope
}

// Dated reports whether f asks for dates.
func (f Filter) Dated() bool { return f.Since != "" || f.Until != "" }

// Admits reports whether the article of info passes f.
func (f Filter) Admits(info *corpus.Info) bool {
	if !f.Scope.Sees(info) {
		return false
	}
	if f.Dated() && info.Published == "" ||
		f.Since != "" && info.Published < f.Since || f.Until != "" && info.Published > f.Until {
		return false
	}
	if len(f.IDs) > 0 || len(f.Except) > 0 {
		bare, _ := corpus.SplitID(info.ID)
		if len(f.IDs) > 0 && !slices.Contains(f.IDs, bare) || slices.Contains(f.Except, bare) {
			return false
		}
	}
	return len(f.Outlets) == 0 || slices.ContainsFunc(f.Outlets, func(o string) bool {
		return strings.EqualFold(o, info.Outlet) || strings.EqualFold(o, info.Agency) ||
			info.Outlet == "" && info.Agency == "" && strings.EqualFold(o, info.Name())
	})
}

// Embedder turns texts into vectors of unit length. It may be called from
// many goroutines.
type Embedder interface {
	// Model names the model and its version. Vectors of two models are never
	// compared.
	Model() string
	// Embed returns one vector a text, in order, all of one dimension; nil for
	// a text that the model has nothing to say of.
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

// maxIndexedTitle and maxIndexedName are the bytes of a title and of the name
// of an outlet that are indexed with each passage: a title without limit would be
// copied as often as its article has passages.
const (
	maxIndexedTitle = 300
	maxIndexedName  = 100
)

// IndexText returns what is indexed for a passage of an article: the beginning
// of its title, its outlet and agency before its text. Only the text is ever
// shown.
func IndexText(info *corpus.Info, passage string) string {
	title, outlet, agency := clip(info.Title, maxIndexedTitle), clip(info.Outlet, maxIndexedName), clip(info.Agency, maxIndexedName)
	var b strings.Builder
	b.Grow(len(title) + len(outlet) + len(agency) + len(passage) + 16)
	b.WriteString(title)
	b.WriteString(" . ")
	if outlet != "" || agency != "" {
		b.WriteString(outlet + " " + agency + " . ")
	}
	b.WriteString(passage)
	return b.String()
}

// clip returns the beginning of s, of at most most bytes. It ends at a space if
// there is one in its second half.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	s = s[:most]
	if i := strings.LastIndexAny(s, " \t\n"); i > most/2 {
		s = s[:i]
	}
	return s
}
