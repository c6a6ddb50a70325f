package guard

import (
	"fmt"
	"slices"
	"strings"
)

// maxSubject is how many words before a verb its subject is looked for in.
const maxSubject = 4

// reciprocal are verbs that have no direction: who met whom is the same.
func reciprocal(stem string) bool {
	switch stem {
	case "meet", "talk", "speak", "agre", "agree", "discuss", "clash", "border", "phone", "call", "share", "have", "be", "includ", "cooper":
		return true
	}
	return false
}

// pastTense reports whether a token has the form of a verb in the past, which
// news is told in; other forms are too often nouns.
func pastTense(token string) bool {
	_, irregular := lexicon().irregular[token]
	return irregular || len(token) > 4 && strings.HasSuffix(token, "ed")
}

// refuseRoles refuses a point in which somebody does what in its quotes
// somebody else does, or goes where in them nobody goes.
func refuseRoles(point *parsedText, e *evidence) string {
	for i := range point.words {
		w := &point.words[i]
		if !w.content || w.name || w.figure || w.quoted || !pastTense(w.text) || reciprocal(w.stem) {
			continue
		}
		mine, active := point.subjectOf(i)
		if !active || len(mine) == 0 {
			continue
		}
		seen, same, object, elsewhere := false, false, false, false
		for _, q := range e.quotes {
			for k := range q.words {
				if v := &q.words[k]; v.stem != w.stem || v.name || !pastTense(v.text) {
					continue
				}
				object = object || sharesName(mine, q.objectOf(k))
				theirs, active := q.subjectOf(k)
				if len(theirs) == 0 || !active {
					same = same || !active // a passive or bare verb decides nothing
					continue
				}
				seen, same = true, same || sharesName(mine, theirs)
			}
			elsewhere = elsewhere || slices.ContainsFunc(q.words, func(v word) bool { return v.name && sharesName(mine, []*word{&v}) })
		}
		if (seen && elsewhere || object) && !same {
			return fmt.Sprintf("in its sentences it is somebody else who %q", w.text)
		}
	}
	if reason := refuseSwapped(point, e); reason != "" {
		return reason
	}
	return refusePlaces(point, e)
}

// refuseSwapped refuses a figure behind a verb that in the quotes has another
// figure behind it, where this one has another verb: "killed 12, injured 40".
func refuseSwapped(point *parsedText, e *evidence) string {
	for _, f := range point.figures {
		v := point.verbOf(f)
		if v == nil {
			continue
		}
		same, other, taken := false, false, false
		for _, q := range e.quotes {
			for _, g := range q.figures {
				u := q.verbOf(g)
				if u == nil {
					same = same || sameValue(f, g)
					continue
				}
				alike := u.stem == v.stem || u.canon == v.canon
				if sameValue(f, g) {
					same, other = same || alike, other || !alike
				} else {
					taken = taken || alike
				}
			}
		}
		if other && taken && !same {
			return fmt.Sprintf("in its sentences %q goes with another figure", v.text)
		}
	}
	return ""
}

// verbOf returns the verb in the past right before a figure, over words such
// as "more than", or nil.
func (p *parsedText) verbOf(f figure) *word {
	for k := f.from - 1; k >= 0 && k >= f.from-4; k-- {
		w := &p.words[k]
		if w.sentence != p.words[f.from].sentence || strings.ContainsAny(p.gap(k+1), ",;:()") {
			return nil
		}
		switch w.text {
		case "more", "than", "at", "least", "some", "about", "nearly", "almost", "over", "around", "up", "to", "the", "another", "other", "roughly", "fewer", "less":
			continue
		}
		if w.name || w.figure || !pastTense(w.text) {
			return nil
		}
		return w
	}
	return nil
}

// subjectOf returns the names among the words right before word i that may be
// its subject; active is false where word i is a passive or follows "to".
func (p *parsedText) subjectOf(i int) (names []*word, active bool) {
	from := p.beforeTitle(p.beforeTitle(i))
	least := from - maxSubject
	for k := from - 1; k >= 0 && k >= least; k-- {
		w := &p.words[k]
		if k+1 != from && (w.sentence != p.words[i].sentence) || k+1 != from && strings.ContainsAny(p.gap(k+1), ";:()“”\"–—") ||
			k+1 != from && strings.Contains(p.gap(k+1), ",") && !p.title(k+1) {
			break
		}
		if p.title(k) {
			least = k - maxSubject // on to the name that the title belongs to
			continue
		}
		switch w.text {
		case "was", "were", "is", "are", "been", "be", "being", "to", "by", "not":
			return nil, false
		case "of", "in", "at", "from", "on", "for", "with", "against", "into", "near", "or", "who", "which":
			// What stands behind a preposition is no subject.
			if len(names) > 0 {
				return nil, true
			}
			return names, true
		case "and", "that":
			return names, true
		}
		if w.name {
			names = append(names, w)
		} else if len(names) > 0 && !w.content {
			break
		}
	}
	return names, true
}

// beforeTitle returns i, or where what is set off by two commas before word i
// begins: "Ann Lee, D-Fla., asked".
func (p *parsedText) beforeTitle(i int) int {
	if !strings.Contains(p.gap(i), ",") {
		return i
	}
	for k := i - 1; k > 0 && k >= i-8 && p.words[k].sentence == p.words[i].sentence; k-- {
		if strings.Contains(p.gap(k), ",") {
			return k
		}
	}
	return i
}

// objectOf returns the names right after word i.
func (p *parsedText) objectOf(i int) (names []*word) {
	for k := i + 1; k < len(p.words) && k <= i+3; k++ {
		w := &p.words[k]
		if w.sentence != p.words[i].sentence || strings.ContainsAny(p.gap(k), ",;:.()“”\"–—") || preposition(w.text) || w.text == "that" {
			break
		}
		if w.name {
			names = append(names, w)
		}
	}
	return names
}

// title reports whether word k begins a title after a name and a comma: "Ann
// Lee, a teacher".
func (p *parsedText) title(k int) bool {
	switch p.words[k].text {
	case "a", "an", "the":
		return k > 0 && strings.Contains(p.gap(k), ",") && p.words[k-1].capital
	}
	return false
}

func sharesName(a, b []*word) bool {
	return slices.ContainsFunc(a, func(v *word) bool {
		return slices.ContainsFunc(b, func(w *word) bool { return v.text == w.text || sameName(v.text, w.text) })
	})
}

// refusePlaces refuses "into X" or "from X" where the quotes have "into Y" or
// "from Y" alone.
func refusePlaces(point *parsedText, e *evidence) string {
	for _, way := range []struct{ word, also string }{{"into", " into to in inside across "}, {"from", " from "}} {
		mine := point.after(" "+way.word+" ", nil)
		if len(mine) == 0 {
			continue
		}
		var same, any []*word
		for _, q := range e.quotes {
			same, any = q.after(" "+way.word+" ", same), q.after(way.also, any)
		}
		if len(same) > 0 && !sharesName(mine, any) {
			return fmt.Sprintf("its sentences do not say %q %s", way.word, mine[0].text)
		}
	}
	return ""
}

// after appends to out the names that follow, within three words, one of the
// words listed between spaces.
func (p *parsedText) after(list string, out []*word) []*word {
	for i := range p.words {
		if !strings.Contains(list, " "+p.words[i].text+" ") {
			continue
		}
		for k := i + 1; k < len(p.words) && k <= i+3 && !preposition(p.words[k].text); k++ {
			if p.words[k].name {
				out = append(out, &p.words[k])
			}
		}
	}
	return out
}

func preposition(token string) bool {
	switch token {
	case "into", "to", "in", "from", "across", "inside", "at", "on", "by", "with", "after", "before", "during":
		return true
	}
	return false
}

// scopes are words that say how far a statement reaches; those of a group say
// the same.
const scopes = `all every each entire entirely whole completely fully both
most majority mostly largely mainly large
only solely exclusively
always constantly
because cause caused due owing result resulted forced forcing led leading sparked spurred prompted triggered reason response since therefore thanks thus so after following amid as over`

// reaches reports whether p says t, other than of a figure ("every 30 days").
func (p *parsedText) reaches(t string) bool {
	for i := range p.words {
		if p.words[i].text == t && !strings.HasPrefix(p.gap(i+1), "-") && !(t == "every" && i+1 < len(p.words) && p.words[i+1].figure) {
			return true
		}
	}
	return false
}

// refuseWeighty refuses a grave word, such as "convicted", where the quotes
// have none of its kind.
func refuseWeighty(point *parsedText, e *evidence) string {
	lex := lexicon()
	for i := range point.words {
		w := &point.words[i]
		groups := lex.weighty[w.text]
		if len(groups) == 0 || w.quoted || w.name || e.stems[w.stem] {
			continue
		}
		if !slices.ContainsFunc(groups, func(g map[string]bool) bool {
			return slices.ContainsFunc(e.quotes, func(q *parsedText) bool {
				return slices.ContainsFunc(q.words, func(v word) bool { return g[v.text] })
			})
		}) {
			return fmt.Sprintf("its sentences do not say %q", w.text)
		}
	}
	return ""
}

// refuseScope refuses a point that reaches farther than its quotes: "all",
// "most", "only", "because" must be theirs, or a word that says the same.
func refuseScope(point *parsedText, e *evidence) string {
	groups := strings.Split(scopes, "\n")
	for i := range point.words {
		w := &point.words[i]
		if w.quoted || i > 0 && point.words[i-1].text == "at" || w.text == "as" || w.text == "so" || w.text == "after" || w.text == "following" || w.text == "over" || w.text == "since" || w.text == "large" || w.text == "every" && i+1 < len(point.words) && point.words[i+1].figure {
			continue
		}
		for _, group := range groups {
			if !slices.Contains(strings.Fields(group), w.text) {
				continue
			}
			if !slices.ContainsFunc(strings.Fields(group), func(t string) bool {
				return slices.ContainsFunc(e.quotes, func(q *parsedText) bool {
					return q.reaches(t)
				})
			}) {
				return fmt.Sprintf("its sentences do not say %q", w.text)
			}
		}
	}
	return ""
}
