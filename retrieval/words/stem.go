package words

import (
	"strings"
	"sync"

	"github.com/kljensen/snowball/english"
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
	return english.Stem(token, true)
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
func Stop(token string) bool {
	switch token {
	case "a", "about", "above", "after", "again", "against", "all", "also", "am", "an", "and", "any",
		"are", "as", "at", "be", "because", "been", "before", "being", "below", "between", "both", "but",
		"by", "can", "could", "did", "do", "does", "doing", "down", "during", "each", "few", "for", "from",
		"further", "had", "has", "have", "having", "he", "her", "here", "hers", "herself", "him",
		"himself", "his", "how", "i", "if", "in", "into", "is", "it", "its", "itself", "just", "me",
		"more", "most", "my", "myself", "no", "nor", "not", "now", "of", "off", "on", "once", "only",
		"or", "other", "our", "ours", "ourselves", "out", "over", "own", "same", "she", "should", "so",
		"some", "such", "than", "that", "the", "their", "theirs", "them", "themselves", "then", "there",
		"these", "they", "this", "those", "through", "to", "too", "under", "until", "up", "very", "was",
		"we", "were", "what", "when", "where", "which", "while", "who", "whom", "whose", "why", "will",
		"with", "would", "you", "your", "yours", "yourself", "yourselves", "may", "might", "must",
		"shall", "upon", "whether", "cannot", "can't", "don't", "didn't", "doesn't", "isn't", "wasn't",
		"weren't", "won't", "wouldn't", "couldn't", "shouldn't", "haven't", "hasn't", "hadn't", "aren't",
		"i'm", "i've", "i'll", "i'd", "you're", "you've", "he'd", "he'll", "she'll", "we're", "we've",
		"they're", "they've", "it'll", "that'll", "there're":
		return true
	}
	return false
}
