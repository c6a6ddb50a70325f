package segment

import (
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"unicode"

	"verbatim/retrieval/words"
)

// Repeats counts in how many articles the short lines of a corpus stand. What
// many articles share is no part of any story. It keeps 12 bytes or so for
// each distinct line, and may be used from many goroutines.
type Repeats struct {
	mu    sync.RWMutex
	lines map[uint64]uint16
	min   int
}

// MinRepeats is in how many articles a line must stand to be furniture.
// Lists and paragraphs that an outlet uses again stand in fewer.
const MinRepeats = 6

// maxRepeat is the greatest length in bytes of a line that is counted.
const maxRepeat = 400

// NewRepeats returns a counter for which a line is furniture once at least
// min articles hold it; 0 means MinRepeats.
func NewRepeats(min int) *Repeats {
	if min <= 0 {
		min = MinRepeats
	}
	return &Repeats{lines: make(map[uint64]uint16), min: min}
}

// Add counts the lines of one article. Add every article once, in any order:
// the counts are the same.
func (r *Repeats) Add(body string) {
	var keys []uint64
	for l := range words.Lines(body) {
		if key, ok := repeatKey(body[l.Start:l.End]); ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range keys {
		if r.lines[k] < 1<<16-1 {
			r.lines[k]++
		}
	}
}

// Seen reports whether enough articles hold the line.
func (r *Repeats) Seen(line string) bool {
	if r == nil {
		return false
	}
	key, ok := repeatKey(line)
	if !ok {
		return false
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return int(r.lines[key]) >= r.min
}

// repeatKey hashes a line that may be counted, with its figures made equal:
// at least three words, or a line that names no single thing.
func repeatKey(line string) (uint64, bool) {
	if len(line) > maxRepeat || words.Count(line) < 5 {
		return 0, false
	}
	h := fnv.New64a()
	space := false
	var buf [4]byte
	for _, c := range line {
		switch {
		case unicode.IsSpace(c):
			space = true
			continue
		case unicode.IsDigit(c):
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
		n := copy(buf[:], string(c))
		h.Write(buf[:n])
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
