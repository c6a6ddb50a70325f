package words

import (
	"strings"
	"sync"

	snowball "github.com/kljensen/snowball/english"

	"verbatim/retrieval/english"
)

// Stem returns the stem of a folded token by the Porter2 algorithm
// (snowballstem.org); tokens that are not English words in ASCII letters are
// their own stems.
func Stem(token string) string {
	if len(token) < 3 {
		return token
	}
	for i := 0; i < len(token); i++ {
		if c := token[i]; (c < 'a' || c > 'z') && c != '\'' {
			return token
		}
	}
	return snowball.Stem(token, true)
}

// maxStems bounds the cache of a Stemmer; at about 50 bytes an entry it is a
// few megabytes.
const maxStems = 1 << 17

// Stemmer stems with a bounded cache. It may be used from many goroutines.
type Stemmer struct {
	mu    sync.RWMutex
	stems map[string]string
}

// NewStemmer returns a Stemmer with an empty cache.
func NewStemmer() *Stemmer { return &Stemmer{stems: make(map[string]string)} }

// Stem returns what the function Stem does.
func (s *Stemmer) Stem(token string) string {
	s.mu.RLock()
	stem, ok := s.stems[token]
	s.mu.RUnlock()
	if ok {
		return stem
	}
	stem = Stem(token)
	token = strings.Clone(token)
	s.mu.Lock()
	if len(s.stems) < maxStems {
		s.stems[token] = stem
	}
	s.mu.Unlock()
	return stem
}

// Stop reports whether the folded token is an English word too common to
// search for.
func Stop(token string) bool { return english.Stop.Has(token) }
