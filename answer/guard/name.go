package guard

import (
	"fmt"
	"slices"
	"strings"

	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// refuseNames refuses a name that is not in the quotes, in some spelling, or
// that is put together from several of them.
func refuseNames(point *parsedText, e *evidence) string {
	for i := 0; i < len(point.words); {
		run := point.nameAt(i)
		if len(run) == 0 {
			i++
			continue
		}
		i = run[len(run)-1] + 1
		if e.acronymOf(point, run) {
			continue
		}
		var capital []int
		for _, k := range run {
			w := &point.words[k]
			if w.quoted || !w.name {
				continue
			}
			known, asName := e.name(point, k)
			if !known {
				return fmt.Sprintf("the name %q is not in its sentences", point.Text[w.Start:w.End])
			}
			if asName {
				capital = append(capital, k)
			}
		}
		if len(capital) > 1 && !e.together(point, capital) {
			return fmt.Sprintf("the name %q is put together from several", point.Text[point.words[run[0]].Start:point.words[run[len(run)-1]].End])
		}
	}
	return ""
}

// nameAt returns the indices of the words of the name that begins at word i;
// "of" and its like inside a name are among them.
func (p *parsedText) nameAt(i int) []int {
	if !p.words[i].name {
		return nil
	}
	run := []int{i}
	for k := i + 1; k < len(p.words); k++ {
		w := &p.words[k]
		switch {
		case w.name && p.Joined(k):
			run = append(run, k)
		case w.Is(words.IsConnector) && p.Joined(k) && k+1 < len(p.words) && p.words[k+1].name && p.Joined(k+1):
			run = append(run, k)
		default:
			return run
		}
	}
	return run
}

// name reports whether word k of point is known from the quotes, their outlet
// or, if a quote has only a pronoun, the question; and whether it stands in
// a quote as a name.
func (e *evidence) name(point *parsedText, k int) (known, asName bool) {
	w := &point.words[k]
	for _, q := range e.quotes {
		for j := range q.words {
			v := &q.words[j]
			if v.Cap && (v.Text == w.Text || sameName(w.Text, v.Text)) {
				return true, true
			}
			known = known || v.Base == w.Base
		}
		known = known || q.hasAcronym(w.Text)
	}
	if known || w.first && e.stems[w.canon] {
		return true, false
	}
	sources := e.speakers
	if e.pronoun {
		sources = append(slices.Clone(sources), e.question)
	}
	for _, s := range sources {
		if slices.ContainsFunc(s.words, func(v word) bool { return v.Base == w.Base || v.Cap && sameName(w.Text, v.Text) }) {
			return true, false
		}
	}
	return false, false
}

// together reports whether the words of a name stand near each other in one
// quote, so that a title or a first name is not another person's.
func (e *evidence) together(point *parsedText, run []int) bool {
	slack := 2
	if len(run) == 2 {
		slack = 3
	}
	for _, q := range e.quotes {
		for i := range q.words {
			window := q.words[i:min(len(q.words), i+len(run)+slack)]
			all := true
			for _, k := range run {
				w := &point.words[k]
				all = all && slices.ContainsFunc(window, func(v word) bool { return v.Cap && (v.Text == w.Text || sameName(w.Text, v.Text)) })
			}
			if all {
				return true
			}
		}
	}
	return false
}

// acronymOf reports whether a quote has the initials of a name of several
// words in its place ("CSTO").
func (e *evidence) acronymOf(point *parsedText, run []int) bool {
	if len(run) < 2 {
		return false
	}
	var all, capitals strings.Builder
	for _, k := range run {
		w := &point.words[k]
		all.WriteByte(w.Text[0])
		if !w.Is(words.IsConnector) {
			capitals.WriteByte(w.Text[0])
		}
	}
	for _, q := range e.quotes {
		for i := range q.words {
			t := q.words[i].Text
			if len(t) > 1 && q.words[i].Cap && (t == all.String() || t == capitals.String()) {
				return true
			}
		}
	}
	return false
}

// hasAcronym reports whether the initials of consecutive capitalised words of
// p are token.
func (p *parsedText) hasAcronym(token string) bool {
	if len(token) < 2 || len(token) > 8 {
		return false
	}
	for i := range p.words {
		if !p.words[i].Cap || p.words[i].Text[0] != token[0] {
			continue
		}
		n, m := 0, 0 // letters matched with and without connectors
		for k := i; k < len(p.words) && (p.words[k].Cap || p.words[k].Is(words.IsConnector)); k++ {
			initial := p.words[k].Text[0]
			if n >= 0 && n < len(token) && token[n] == initial {
				n++
			} else {
				n = -1
			}
			if !p.words[k].Is(words.IsConnector) {
				if m >= 0 && m < len(token) && token[m] == initial {
					m++
				} else {
					m = -1
				}
			}
			if n == len(token) || m == len(token) {
				return true
			}
		}
	}
	return false
}

// sameName reports whether two folded tokens are spellings of one name, or a
// country and its people.
func sameName(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if rest, ok := strings.CutPrefix(b, a); ok && len(a) >= 4 && demonym(rest, len(a)) {
		return true
	}
	for _, group := range lexicon().aliases {
		if group[a] && group[b] {
			return true
		}
	}
	limit := 0
	if len(a) >= 5 {
		limit = 1
	}
	if len(a) >= 6 {
		limit = 2
	}
	return limit > 0 && len(b)-len(a) <= limit && a[0] == b[0] && spelling(a, b, limit) <= limit
}

// demonym reports whether an ending makes a people of a name of so many
// letters.
func demonym(ending string, letters int) bool {
	least, ok := english.DemonymEndings.Get(ending)
	return ok && letters >= int(least)
}

// spelling returns the weighted edit distance of two spellings: 1 for what
// differs between transcriptions (vowels, h, k before h, doubled letters,
// letters of one sound), far for the rest. After Damerau and Levenshtein,
// without transpositions; it stops at limit.
func spelling(a, b string, limit int) int {
	const far = 100
	single := func(s string, i int) int { // cost of leaving s[i] out
		if strings.IndexByte("aeiouyhk", s[i]) >= 0 || i > 0 && s[i] == s[i-1] {
			return 1
		}
		return far
	}
	row := make([]int, len(b)+1)
	for j := 1; j <= len(b); j++ {
		row[j] = min(far, row[j-1]+single(b, j-1))
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = min(far, row[0]+single(a, i-1))
		least := row[0]
		for j := 1; j <= len(b); j++ {
			swap := diagonal + soundCost(a[i-1], b[j-1], far)
			diagonal = row[j]
			row[j] = min(far, swap, row[j]+single(a, i-1), row[j-1]+single(b, j-1))
			least = min(least, row[j])
		}
		if least > limit {
			return far
		}
	}
	return row[len(b)]
}

func soundCost(x, y byte, far int) int {
	if x == y {
		return 0
	}
	for _, group := range []string{"aeiouy", "ckq", "sz", "vwf", "jg", "bp", "dt"} {
		if strings.IndexByte(group, x) >= 0 && strings.IndexByte(group, y) >= 0 {
			return 1
		}
	}
	return far
}
