package segment

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

// MinRepeats is in how many stories a line must stand to be furniture.
// Lists and paragraphs that an outlet uses again stand in fewer.
const MinRepeats = 6

// maxRepeat is the greatest length in bytes of a line that is counted.
const maxRepeat = 400

// Outline is what of an article is compared with others: its lines that are
// furniture once several stories hold them. It takes 16 bytes a line.
type Outline struct {
	// story is equal for copies of a story, of which only one counts: a hash
	// of the longest of the other lines.
	story uint64
	lines []outlined
}

type outlined struct {
	key uint64
	// open lines are in no mark; shared ones have the mark of a line that
	// several stories hold.
	open, shared bool
}

// NewOutline returns the outline of a body with the marks that it has.
func NewOutline(body string, marks []corpus.Mark) Outline {
	var o Outline
	longest := ""
	for r := range words.Lines(body) {
		for len(marks) > 0 && marks[0].End < r.End {
			marks = marks[1:]
		}
		text := strings.TrimPrefix(body[r.Start:r.End], "\ufeff")
		key, ok := repeatKey(text)
		if !ok {
			if len(text) > len(longest) {
				longest = text
			}
			continue
		}
		l := outlined{key: key, open: true}
		if len(marks) > 0 && marks[0].Start <= r.End-len(text) {
			l.open, l.shared = false, marks[0].Reason == corpus.ReasonRepeated
		}
		o.lines = append(o.lines, l)
	}
	if longest == "" {
		longest = body
	}
	h := fnv.New64a()
	h.Write([]byte(longest))
	o.story = h.Sum64()
	return o
}

// Settled reports whether the marks that o was made with are those that r
// asks for.
func (o Outline) Settled(r *Repeats) bool {
	return !slices.ContainsFunc(o.lines, func(l outlined) bool {
		if r.holds(l.key) {
			return l.open
		}
		return l.shared
	})
}

// Repeats knows the lines that several stories of a corpus share. What many
// share is no part of any. It may be used from many goroutines.
type Repeats struct {
	keys  map[uint64]struct{}
	wider *Repeats
}

// NewRepeats returns the lines that at least MinRepeats stories of outlines
// share, and with them those of wider, which may be nil. The order of outlines
// does not count.
func NewRepeats(wider *Repeats, outlines []Outline) *Repeats {
	type pair struct{ key, story uint64 }
	n := 0
	for _, o := range outlines {
		n += len(o.lines)
	}
	pairs := make([]pair, 0, n)
	for _, o := range outlines {
		for _, l := range o.lines {
			pairs = append(pairs, pair{l.key, o.story})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.story, b.story))
	})
	pairs = slices.Compact(pairs)
	r := &Repeats{keys: make(map[uint64]struct{}), wider: wider}
	for i := MinRepeats - 1; i < len(pairs); i++ {
		if pairs[i].key == pairs[i-MinRepeats+1].key {
			r.keys[pairs[i].key] = struct{}{}
		}
	}
	return r
}

// Seen reports whether enough stories hold the line.
func (r *Repeats) Seen(line string) bool {
	if r == nil {
		return false
	}
	key, ok := repeatKey(line)
	return ok && r.holds(key)
}

func (r *Repeats) holds(key uint64) bool {
	for ; r != nil; r = r.wider {
		if _, ok := r.keys[key]; ok {
			return true
		}
	}
	return false
}

// repeatKey hashes a line that is counted, with its figures made equal: one of
// at least five words that speaks to the reader.
func repeatKey(text string) (uint64, bool) {
	if len(text) > maxRepeat {
		return 0, false
	}
	l := line{text: text, words: words.Count(text), ended: words.Ended(text)}
	if l.words < 5 {
		return 0, false
	}
	if l.lower = lower(text); !pitch(&l) {
		return 0, false
	}
	h := fnv.New64a()
	space, figure := false, false
	var buf [4]byte
	for _, c := range text {
		switch {
		case unicode.IsSpace(c):
			space, figure = true, false
			continue
		case unicode.IsDigit(c):
			if figure {
				continue
			}
			c = '0'
		case c == '‘' || c == '’':
			c = '\''
		case c == '“' || c == '”':
			c = '"'
		default:
			c = unicode.ToLower(c)
		}
		if space {
			h.Write([]byte{' '})
			space = false
		}
		figure = c == '0'
		h.Write(utf8.AppendRune(buf[:0], c))
	}
	return h.Sum64(), true
}

// lower folds a line for the rules: lower case, straight quotation marks,
// single spaces.
func lower(text string) string {
	return strings.Map(func(c rune) rune {
		switch c {
		case '‘', '’':
			return '\''
		case '“', '”':
			return '"'
		case '\u00a0', '\t', '\u202f':
			return ' '
		}
		return unicode.ToLower(c)
	}, text)
}
