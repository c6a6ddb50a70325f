// Package corpus holds articles and the ways to point into them.
//
// All offsets are 0-based byte offsets from the beginning of an article's
// body, the end exclusive, and never inside a UTF-8 sequence. A body never
// changes: cleaning marks page furniture, it deletes nothing, so an offset
// holds for ever.
package corpus

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Errors of this package. Test for them with errors.Is.
var (
	ErrSpan = errors.New("span is not inside the body")
	ErrRef  = errors.New("not a ref")
)

// Span is the half-open range [Start, End) of bytes of a body.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Len returns the length of s in bytes.
func (s Span) Len() int { return s.End - s.Start }

// Empty reports whether s holds no byte.
func (s Span) Empty() bool { return s.End <= s.Start }

// Contains reports whether t lies wholly inside s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Overlaps reports whether s and t share at least one byte.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// Reason says why a span is page furniture.
type Reason string

// The reasons that a mark may carry.
const (
	ReasonTitle       Reason = "title"
	ReasonRepeated    Reason = "repeated"
	ReasonCaption     Reason = "caption"
	ReasonDateline    Reason = "dateline"
	ReasonCredit      Reason = "credit"
	ReasonReadingTime Reason = "reading-time"
	ReasonTeaser      Reason = "teaser"
	ReasonComments    Reason = "comments"
	ReasonNotice      Reason = "notice"
	ReasonAdvert      Reason = "advert"
	ReasonOther       Reason = "other"
)

// Mark is a span of a body that is not part of the story, with the reason.
type Mark struct {
	Span
	Reason Reason `json:"reason"`
}

// Given is what the owner of an article said of it, in articles.yaml or in
// the fields of a JSON line. It outranks what the text says.
type Given struct {
	Title     string `json:"title,omitempty" yaml:"title"`
	Outlet    string `json:"outlet,omitempty" yaml:"outlet"`
	Agency    string `json:"agency,omitempty" yaml:"agency"`
	URL       string `json:"url,omitempty" yaml:"url"`
	Author    string `json:"author,omitempty" yaml:"author"`
	Published Date   `json:"published,omitempty" yaml:"published"`
	Language  string `json:"language,omitempty" yaml:"language"`
}

// Info is all that is known of an article but its text.
type Info struct {
	ID     string // bare for the first revision, "ID.n" from the second on
	Source string // file, line or address that the article was read from
	Server string // Discord server that ingested it; "" is the operator's corpus
	// Collection is the collection that it was put into; "" is the default one.
	Collection string
	Given      Given
	Title      string
	Outlet     string // from metadata or a masthead, else ""
	Agency     string // the credited agency, else ""
	Author     string
	Place      string // of the dateline, else ""
	URL        string
	Language   string // BCP 47, as given, else ""

	Published Date
	Basis     Basis
	// PublishedSpan is where Published was read in the body; empty if it was
	// given beside the text or inferred.
	PublishedSpan Span
	// Days are days without a year beside a weekday, in the order of the
	// text; the first one that fits gives an inferred date.
	Days []WeekdayDate

	Bytes    int    // length of the body
	Passages int    // passages that it was cut into
	BodyHash string // hex SHA-256 of the body
	RawHash  string // hex SHA-256 of the raw bytes and the given metadata
}

// Article is one revision of one article. It is never changed once stored
// and may be read from many goroutines.
type Article struct {
	Info
	Raw       []byte // as received; may be nil if a store left it out
	Body      string // valid UTF-8
	Furniture []Mark // in order, not overlapping
}

// Name returns what a reader is shown as the speaker of the article: the
// outlet, else the agency, else the host of its address, else the name of its
// file.
func (i *Info) Name() string {
	switch {
	case i.Outlet != "":
		return i.Outlet
	case i.Agency != "":
		return i.Agency
	}
	for _, address := range []string{i.URL, i.Source} {
		if host := host(address); host != "" {
			return host
		}
	}
	return path.Base(i.Source)
}

// host returns the host of an http address without "www.", or "".
func host(address string) string {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok || scheme != "http" && scheme != "https" {
		return ""
	}
	if end := strings.IndexAny(rest, "/?#:"); end >= 0 {
		rest = rest[:end]
	}
	return strings.TrimPrefix(rest, "www.")
}

// Text returns the bytes of the body at s. It returns ErrSpan if s does
// not lie inside the body or splits a character.
func (a *Article) Text(s Span) (string, error) {
	if s.Start < 0 || s.End > len(a.Body) || s.Start > s.End ||
		!boundary(a.Body, s.Start) || !boundary(a.Body, s.End) {
		return "", fmt.Errorf("article %s, bytes %d to %d: %w", a.ID, s.Start, s.End, ErrSpan)
	}
	return a.Body[s.Start:s.End], nil
}

// Marked reports whether any byte of s is page furniture.
func (a *Article) Marked(s Span) bool {
	// The marks are in order and do not overlap: the first that ends behind the
	// start of s is the only one that needs to be looked at.
	i := sort.Search(len(a.Furniture), func(i int) bool { return a.Furniture[i].End > s.Start })
	return i < len(a.Furniture) && a.Furniture[i].Overlaps(s)
}

func boundary(text string, i int) bool { return i == len(text) || utf8.RuneStart(text[i]) }

// Quote is a span of an article. It holds no text of its own: the text is
// cut from the body each time it is read, so that a misquote cannot be
// represented. The zero Quote is of no article.
type Quote struct {
	article *Article
	span    Span
}

// NewQuote returns the quote of a at s, or ErrSpan.
func NewQuote(a *Article, s Span) (Quote, error) {
	if _, err := a.Text(s); err != nil {
		return Quote{}, err
	}
	return Quote{article: a, span: s}, nil
}

// Text returns the quoted bytes.
func (q Quote) Text() string {
	if q.article == nil {
		return ""
	}
	return q.article.Body[q.span.Start:q.span.End]
}

// Article returns the quoted article.
func (q Quote) Article() *Article { return q.article }

// Span returns where the quote lies in the body of its article.
func (q Quote) Span() Span { return q.span }

// Ref returns the quote's ref.
func (q Quote) Ref() Ref { return Ref{Article: q.article.ID, Span: q.span} }

// Ref points to a span of one revision of an article.
type Ref struct {
	Article string // "ID" or "ID.n"
	Span
}

// String returns r as ID:START-END.
func (r Ref) String() string { return fmt.Sprintf("%s:%d-%d", r.Article, r.Start, r.End) }

// ParseRef reads ID:START-END, or returns ErrRef.
func ParseRef(s string) (Ref, error) {
	colon := strings.LastIndexByte(s, ':')
	if colon <= 0 {
		return Ref{}, fmt.Errorf("%q: %w", s, ErrRef)
	}
	from, to, ok := strings.Cut(s[colon+1:], "-")
	start, err1 := strconv.ParseUint(from, 10, 31)
	end, err2 := strconv.ParseUint(to, 10, 31)
	if !ok || err1 != nil || err2 != nil || end < start {
		return Ref{}, fmt.Errorf("%q: %w", s, ErrRef)
	}
	return Ref{Article: s[:colon], Span: Span{int(start), int(end)}}, nil
}

// NewID returns the ID of the article that was read from source: the first
// 10 characters of the lower-case RFC 4648 base32 of its SHA-256.
func NewID(source string) string {
	sum := sha256.Sum256([]byte(source))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:10]
}

// SplitID returns the bare ID of id and its revision, 1 for a bare one.
func SplitID(id string) (string, int) {
	base, n, ok := strings.Cut(id, ".")
	rev, err := strconv.Atoi(n)
	if !ok || err != nil || rev < 2 {
		return id, 1
	}
	return base, rev
}

// RevisionID returns the ID of revision n of the article with the bare ID.
func RevisionID(bare string, n int) string {
	if n < 2 {
		return bare
	}
	return bare + "." + strconv.Itoa(n)
}

// Hash returns the hex SHA-256 of text.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
