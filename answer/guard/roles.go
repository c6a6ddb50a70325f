package guard

import (
	"fmt"
	"slices"
	"strings"

	"verbatim/retrieval/english"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/words"
)

// maxSubject is how many words before a verb its subject is looked for in.
const maxSubject = 4

// refuseRoles refuses a point in which somebody does what in its quotes
// somebody else does, or goes where in them nobody goes.
func refuseRoles(point *parsedText, e *evidence) string {
	for i := range point.words {
		w := &point.words[i]
		if !w.content || w.name || w.figure || w.quoted || !facts.PastTense(w.Word) || lexicon().reciprocal[w.Base] {
			continue
		}
		mine, active := point.subjectOf(i)
		if !active || len(mine) == 0 {
			continue
		}
		seen, same, object, elsewhere := false, false, false, false
		for _, q := range e.quotes {
			for k := range q.words {
				if v := &q.words[k]; v.Base != w.Base || v.name || !facts.PastTense(v.Word) {
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
			return fmt.Sprintf("in its sentences it is somebody else who %q", w.Text)
		}
	}
	if reason := refuseExchanged(point, e); reason != "" {
		return reason
	}
	if reason := refuseSwapped(point, e); reason != "" {
		return reason
	}
	return refusePlaces(point, e)
}

// refuseExchanged refuses a point in which somebody does to somebody what in
// its quotes is done the other way round.
func refuseExchanged(point *parsedText, e *evidence) string {
	for i := range point.words {
		w := &point.words[i]
		if !w.content || w.name || w.quoted || !facts.PastTense(w.Word) || lexicon().reciprocal[w.Base] {
			continue
		}
		doers, doneTo := point.rolesOf(i)
		exchanged, same := false, false
		for _, q := range e.quotes {
			for k := range q.words {
				if v := &q.words[k]; v.name || !facts.PastTense(v.Word) || !synonyms(w, v) {
					continue
				}
				theirs, theirsTo := q.rolesOf(k)
				same = same || sharesName(doers, theirs) || sharesName(doneTo, theirsTo)
				exchanged = exchanged || sharesName(doers, theirsTo) || sharesName(doneTo, theirs)
			}
		}
		if exchanged && !same {
			return fmt.Sprintf("in its sentences %q has the roles exchanged", w.Text)
		}
	}
	return ""
}

// maxAgent is within how many words behind a passive its "by" is looked for.
const maxAgent = 8

// rolesOf returns the names of who does what the verb at word i says, and of
// whom it is done to: its subject and object, or in the passive what follows
// "by" and its subject.
func (p *parsedText) rolesOf(i int) (doers, doneTo []*word) {
	if i == 0 || !p.words[i-1].Is(words.IsBe) {
		doers, active := p.subjectOf(i)
		if !active {
			return nil, nil
		}
		return doers, p.objectOf(i)
	}
	for k := i + 1; k < len(p.words) && k <= i+maxAgent && p.words[k].sentence == p.words[i].sentence; k++ {
		if strings.ContainsAny(p.Gap(k), ",;:()–—") {
			return nil, nil
		}
		if p.words[k].Text == "by" {
			doneTo, _ = p.subjectOf(i - 1)
			return p.objectOf(k), doneTo
		}
	}
	return nil, nil
}

// refuseSwapped refuses a figure behind a verb that in the quotes has another
// figure behind it, where this one has another verb: "killed 12, injured 40".
func refuseSwapped(point *parsedText, e *evidence) string {
	for _, f := range point.Figures {
		v := point.verbOf(f)
		if v == nil {
			continue
		}
		same, other, taken := false, false, false
		for _, q := range e.quotes {
			for _, g := range q.Figures {
				u := q.verbOf(g)
				if u == nil {
					same = same || f.Same(g)
					continue
				}
				alike := u.Base == v.Base || u.canon == v.canon
				if f.Same(g) {
					same, other = same || alike, other || !alike
				} else {
					taken = taken || alike
				}
			}
		}
		if other && taken && !same {
			return fmt.Sprintf("in its sentences %q goes with another figure", v.Text)
		}
	}
	return ""
}

// verbOf returns the verb in the past right before a figure, over words such
// as "more than", or nil.
func (p *parsedText) verbOf(f facts.Figure) *word {
	for k := f.From - 1; k >= 0 && k >= f.From-4; k-- {
		w := &p.words[k]
		if w.sentence != p.words[f.From].sentence || strings.ContainsAny(p.Gap(k+1), ",;:()") {
			break
		}
		if english.BeforeFigures.Has(w.Text) {
			continue
		}
		if w.name || w.figure || !facts.PastTense(w.Word) {
			break
		}
		return w
	}
	return p.passiveOf(f)
}

// passiveOf returns the verb of which a figure is the subject in the passive,
// or nil: "11 people were killed and dozens injured".
func (p *parsedText) passiveOf(f facts.Figure) *word {
	for k := f.To; k < len(p.words) && k < f.To+6; k++ {
		w := &p.words[k]
		if w.sentence != p.words[f.From].sentence || w.figure || strings.ContainsAny(p.Gap(k), ",;:()") || w.Is(words.IsConjunction) {
			return nil
		}
		if w.content && !w.name && facts.PastTense(w.Word) && (k == f.To || p.words[k-1].Is(words.IsBe)) {
			return w
		}
	}
	return nil
}

// subjectOf returns the names among the words right before word i that may be
// its subject; active is false if word i is a passive or follows "to".
func (p *parsedText) subjectOf(i int) (names []*word, active bool) {
	from := p.beforeTitle(p.beforeTitle(i))
	least := from - maxSubject
	for k := from - 1; k >= 0 && k >= least; k-- {
		w := &p.words[k]
		if k+1 != from && (w.sentence != p.words[i].sentence) || k+1 != from && strings.ContainsAny(p.Gap(k+1), ";:()“”\"–—") ||
			k+1 != from && strings.Contains(p.Gap(k+1), ",") && !p.title(k+1) {
			break
		}
		if p.title(k) {
			least = k - maxSubject // on to the name that the title belongs to
			continue
		}
		switch {
		case w.Is(words.IsBe) || w.Text == "to" || w.Text == "by" || w.Text == "not":
			return nil, false
		case w.Is(words.IsPreposition) || w.Text == "or" || w.Text == "who" || w.Text == "which":
			// What stands behind a preposition is no subject.
			if len(names) > 0 {
				return nil, true
			}
			return names, true
		case w.Text == "and" || w.Text == "that":
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
	if !strings.Contains(p.Gap(i), ",") {
		return i
	}
	for k := i - 1; k > 0 && k >= i-8 && p.words[k].sentence == p.words[i].sentence; k-- {
		if strings.Contains(p.Gap(k), ",") {
			return k
		}
	}
	return i
}

// objectOf returns the names right after word i.
func (p *parsedText) objectOf(i int) (names []*word) {
	for k := i + 1; k < len(p.words) && k <= i+3; k++ {
		w := &p.words[k]
		if w.sentence != p.words[i].sentence || strings.ContainsAny(p.Gap(k), ",;:.()“”\"–—") || w.Is(words.IsPreposition) || w.Text == "that" {
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
	switch p.words[k].Text {
	case "a", "an", "the":
		return k > 0 && strings.Contains(p.Gap(k), ",") && p.words[k-1].Cap
	}
	return false
}

func sharesName(a, b []*word) bool {
	return slices.ContainsFunc(a, func(v *word) bool {
		return slices.ContainsFunc(b, func(w *word) bool { return v.Text == w.Text || sameName(v.Text, w.Text) })
	})
}

// refusePlaces refuses "into X" or "from X" where the quotes have "into Y" or
// "from Y" alone.
func refusePlaces(point *parsedText, e *evidence) string {
	for _, way := range []struct{ word, also string }{{"into", " into to in inside across "}, {"from", " from "}, {"ahead", " ahead "}, {"behind", " behind "}} {
		mine := point.after(" "+way.word+" ", nil)
		if len(mine) == 0 {
			continue
		}
		var same, any []*word
		for _, q := range e.quotes {
			same, any = q.after(" "+way.word+" ", same), q.after(way.also, any)
		}
		if len(same) > 0 && !sharesName(mine, any) {
			return fmt.Sprintf("its sentences do not say %q %s", way.word, mine[0].Text)
		}
	}
	return ""
}

// after appends to out the names that follow, within three words, one of the
// words listed between spaces.
func (p *parsedText) after(list string, out []*word) []*word {
	for i := range p.words {
		if !strings.Contains(list, " "+p.words[i].Text+" ") {
			continue
		}
		for k := i + 1; k < len(p.words) && k <= i+3 && (!p.words[k].Is(words.IsPreposition) || p.words[k].Text == "of"); k++ {
			if p.words[k].name {
				out = append(out, &p.words[k])
			}
		}
	}
	return out
}

// refuseRank refuses a superlative that in the quotes has an ordinal before it:
// "the most" over "the eighth-most".
func refuseRank(point *parsedText, e *evidence) string {
	for i := range point.words {
		w := &point.words[i]
		if !w.Is(words.IsSuperlative) || w.Is(words.IsOrdinal) || point.ranked(i) {
			continue
		}
		ranked, plain := false, false
		for _, q := range e.quotes {
			for k := range q.words {
				if q.words[k].Text == w.Text {
					ranked, plain = ranked || q.ranked(k), plain || !q.ranked(k)
				}
			}
		}
		if ranked && !plain {
			return fmt.Sprintf("in its sentences %q has a rank before it", w.Text)
		}
	}
	return ""
}

// ranked reports whether an ordinal stands right before word i: "second
// largest", "eighth-most".
func (p *parsedText) ranked(i int) bool {
	return i > 0 && p.Tight(i) && slices.ContainsFunc(p.Figures, func(f facts.Figure) bool { return f.Ordinal && f.To == i && f.Value > 1 })
}

// reaches reports whether p says t, other than of a figure ("every 30 days").
func (p *parsedText) reaches(t string) bool {
	for i := range p.words {
		if p.words[i].Text == t && !strings.HasPrefix(p.Gap(i+1), "-") && !(t == "every" && i+1 < len(p.words) && p.words[i+1].figure) {
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
		groups := lex.weighty[w.Text]
		if len(groups) == 0 || w.quoted || w.name || e.stems[w.Base] {
			continue
		}
		if !slices.ContainsFunc(groups, func(g map[string]bool) bool {
			return slices.ContainsFunc(e.quotes, func(q *parsedText) bool {
				return slices.ContainsFunc(q.words, func(v word) bool { return g[v.Text] })
			})
		}) {
			return fmt.Sprintf("its sentences do not say %q", w.Text)
		}
	}
	return ""
}

// counts reports whether a quote has the number n of things.
func (e *evidence) counts(n float64) bool {
	return slices.ContainsFunc(e.quotes, func(q *parsedText) bool {
		return slices.ContainsFunc(q.Figures, func(f facts.Figure) bool { return f.Value == n && f.Unit == "" && !f.Ordinal })
	})
}

// superlative reports whether "most" at word i makes a superlative and says
// nothing of how many: "his most recent".
func (p *parsedText) superlative(i int) bool {
	return p.words[i].Text == "most" && i > 0 && i+1 < len(p.words) && p.words[i-1].Is(words.IsArticle) && p.words[i+1].content
}

// refuseScope refuses a point that reaches farther than its quotes: "all",
// "most", "only", "because" must be theirs, or a word that says the same.
func refuseScope(point *parsedText, e *evidence) string {
	lex := lexicon()
	for i := range point.words {
		w := &point.words[i]
		if w.quoted || i > 0 && point.words[i-1].Text == "at" || w.Text == "as" || w.Text == "so" || w.Text == "after" || w.Text == "following" || w.Text == "over" || w.Text == "since" || w.Text == "large" || (w.Text == "every" || w.Text == "all") && i+1 < len(point.words) && point.words[i+1].figure || point.superlative(i) || w.Text == "both" && e.counts(2) {
			continue
		}
		group := lex.scope[w.Text]
		if group == nil {
			continue
		}
		said := false
		for t := range group {
			said = said || slices.ContainsFunc(e.quotes, func(q *parsedText) bool { return q.reaches(t) })
		}
		if !said {
			return fmt.Sprintf("its sentences do not say %q", w.Text)
		}
	}
	return ""
}
