package retrieval

import (
	"context"
	"errors"
	"slices"
	"strings"

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

// Store keeps articles with their passages and finds passages by words and
// by vector. Every method may be called from many goroutines; readers go on
// while one writer writes. A cancelled context gives its error, never a part
// of a result.
type Store interface {
	// Put stores each entry whole or, where it returns an error, none of them.
	// An entry replaces the one of the same article ID. Where the ID is a
	// later revision of a stored article, only the later one is searched from
	// then on; the earlier one can still be got.
	// A zero or non-finite vector is ErrVector, one of another length than the
	// store's ErrDimension, another model than the store's ErrModel.
	Put(ctx context.Context, entries []Entry) error

	// Delete takes out all revisions of the articles with these bare IDs, from
	// everything derived too. An unknown one is ErrNotFound, and then nothing
	// is taken out.
	Delete(ctx context.Context, ids []string) error

	// Article returns one revision by "ID" (the first) or "ID.n", with its
	// body and furniture; Raw may be nil. ErrNotFound where there is none.
	// Dates are inferred anew when the corpus changes.
	Article(ctx context.Context, id string) (*corpus.Article, error)

	// Articles lists the newest revision of every article that f admits, in
	// the order of their sources.
	Articles(ctx context.Context, f Filter) ([]corpus.Info, error)

	// Words returns the k best passages by BM25 over q's terms, best first;
	// ties go to the newer article, then the smaller ref. A query without
	// terms finds nothing.
	Words(ctx context.Context, q WordQuery, k int, f Filter) (WordHits, error)

	// Nearest returns the k passages with the highest cosine similarity to
	// vector, best first, ties as in Words. It is ErrModel where model is not
	// the one that the stored vectors came from.
	Nearest(ctx context.Context, model string, vector []float32, k int, f Filter) ([]Candidate, error)

	Close() error
}

// Locker is a Store that several processes share. What is read to decide what
// to Put or Delete is read after Lock.
type Locker interface {
	// Lock makes this process the only one that writes until unlock is called.
	// ErrLocked names the one that does. Put and Delete take the lock
	// themselves where it is not held.
	Lock(ctx context.Context) (unlock func(), err error)
}

// Remover is a Store that remembers what was taken out of it.
type Remover interface {
	// Removed returns the highest revision that Delete took out of each
	// article, by bare ID, also where it was stored again since. A later
	// revision counts on from there, so that no ref ever means another text.
	Removed(ctx context.Context) (map[string]int, error)
}

// Speller is a Store that knows its own words. The engine uses it to find
// names under every spelling and to correct typing errors.
type Speller interface {
	// Spellings returns the indexed stems that begin with the same byte as
	// stem and are within so many edits of it (at most 2), with the number of
	// passages that contain each.
	Spellings(ctx context.Context, stem string, edits int) (map[string]int, error)
}

// Entry is one article as a Store takes it.
type Entry struct {
	Article  *corpus.Article
	Passages []corpus.Span // in order; none holds furniture
	// Vectors has one vector a passage, nil for a passage without one; or is
	// empty, where the article is to be found by words alone.
	Vectors [][]float32
	Model   string // that made Vectors
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

// IndexText returns what is indexed for a passage of an article: its title,
// outlet and date before its text. Only the text is ever shown.
func IndexText(info *corpus.Info, passage string) string {
	var b strings.Builder
	b.Grow(len(info.Title) + len(info.Outlet) + len(passage) + 16)
	b.WriteString(info.Title)
	b.WriteString(" . ")
	if info.Outlet != "" || info.Agency != "" {
		b.WriteString(info.Outlet + " " + info.Agency + " . ")
	}
	b.WriteString(passage)
	return b.String()
}
