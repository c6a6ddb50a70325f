package guard

import (
	"fmt"
	"strings"

	"verbatim/retrieval/english"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/words"
)

// maxCause is how many content words behind a word of reason are taken for
// the reason.
const maxCause = 3

// refuseCause refuses a point that gives as the reason what its quotes say was
// none: "because he was ill" over "although he was ill".
func refuseCause(point *parsedText, e *evidence) string {
	for i := range point.words {
		to, ok := point.reasonAt(i)
		if !ok {
			continue
		}
		var cause []*word
		for k := to; k < len(point.words) && len(cause) < maxCause && point.words[k].sentence == point.words[i].sentence; k++ {
			if w := &point.words[k]; w.content {
				cause = append(cause, w)
			}
		}
		if len(cause) == 0 {
			continue
		}
		for _, q := range e.quotes {
			if q.concedes(cause) {
				return fmt.Sprintf("its sentences do not give this as the reason: %q", point.Span(i, min(len(point.words), to+maxCause)))
			}
		}
	}
	return ""
}

// reasonAt reports whether a reason follows word i, and from where on.
func (p *parsedText) reasonAt(i int) (to int, ok bool) {
	if p.words[i].Text == "for" && i+1 < len(p.words) && strings.HasSuffix(p.words[i+1].Text, "ing") {
		return i + 1, true // "fired him for leaving"
	}
	for f := range p.Find(facts.KindReason) {
		if f.From == i {
			return f.To, true
		}
	}
	return 0, false
}

// concedes reports whether p has most of the words of cause behind a word of
// concession.
func (p *parsedText) concedes(cause []*word) bool {
	for i := range p.words {
		n := english.Concessions.Match(func(k int) string {
			if i+k < len(p.words) {
				return p.words[i+k].Text
			}
			return ""
		})
		if n == 0 {
			continue
		}
		hit := 0
		for _, w := range cause {
			for k := i + n; k < len(p.words) && p.words[k].sentence == p.words[i].sentence; k++ {
				if k > i+n && strings.ContainsAny(p.Gap(k), ",;") || p.words[k].Is(words.IsReason) {
					break
				}
				if p.words[k].canon == w.canon {
					hit++
					break
				}
			}
		}
		if 2*hit > len(cause) {
			return true
		}
	}
	return false
}
