package guard

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"verbatim/retrieval/corpus"
)

// limit is how a figure is qualified.
type limit int

const (
	limitNone limit = iota
	limitMore       // more than, over, at least
	limitLess       // fewer than, up to, nearly
)

// figure is a number of a text. Indices are of words, [from, to).
type figure struct {
	from, to int
	value    float64
	vague    string // "hundreds", "dozens": a number without a value
	unit     string // canonical, "" where it counts things
	limit    limit
	ordinal  bool
}

func (f figure) text(p *parsedText) string { return p.text[p.words[f.from].Start:p.words[f.to-1].End] }

// magnitude returns what a token multiplies the number before it by.
func magnitude(token string) (float64, bool) {
	switch token {
	case "dozen":
		return 12, true
	case "hundred":
		return 100, true
	case "thousand", "k":
		return 1e3, true
	case "lakh":
		return 1e5, true
	case "million", "m", "mn":
		return 1e6, true
	case "crore":
		return 1e7, true
	case "billion", "bn":
		return 1e9, true
	case "trillion", "tn":
		return 1e12, true
	}
	return 0, false
}

// part returns the part of one that a token names.
func part(token string) (float64, bool) {
	switch strings.TrimSuffix(token, "s") {
	case "half", "halve":
		return 1. / 2, true
	case "third":
		return 1. / 3, true
	case "quarter":
		return 1. / 4, true
	case "fifth":
		return 1. / 5, true
	case "tenth":
		return 1. / 10, true
	}
	return 0, false
}

// readFigures finds the numbers of p, in digits and in words, with their
// units and qualifiers.
func (p *parsedText) readFigures() {
	lex := lexicon()
	for i := 0; i < len(p.words); {
		w := &p.words[i]
		if w.figure { // of a date
			i++
			continue
		}
		if vague(w.text) {
			p.addFigure(figure{from: i, to: i + 1, vague: w.text})
			i++
			continue
		}
		f, ok := p.number(i)
		if !ok {
			i++
			continue
		}
		f.limit = p.limitAt(i)
		if f.to < len(p.words) && p.tight(f.to) {
			next := p.words[f.to].text
			if u := lex.unit[next]; u != "" && !f.ordinal {
				f.unit = u
				f.to++
				switch next {
				case "decade", "decades":
					f.value *= 10
				case "century", "centuries":
					f.value *= 100
				}
			} else if next == "per" && f.to+1 < len(p.words) && p.words[f.to+1].text == "cent" {
				f.unit, f.to = "percent", f.to+2
			}
		}
		if sign := p.sign(f); sign != "" {
			f.unit = sign
		}
		p.addFigure(f)
		i = f.to
	}
}

func (p *parsedText) addFigure(f figure) {
	for i := f.from; i < f.to; i++ {
		p.words[i].figure = true
	}
	p.figures = append(p.figures, f)
}

func vague(token string) bool {
	switch token {
	case "dozens", "hundreds", "thousands", "millions", "billions", "scores", "tens":
		return true
	}
	return false
}

// tight reports whether word i follows the one before it with no more than
// white space or a hyphen between them.
func (p *parsedText) tight(i int) bool {
	g := strings.TrimSpace(p.gap(i))
	return g == "" || g == "-" || g == "‑"
}

// number reads the number that begins at word i.
func (p *parsedText) number(i int) (figure, bool) {
	lex := lexicon()
	w := &p.words[i]
	f := figure{from: i, to: i + 1}
	value, digits := digitValue(w.text)
	switch {
	case digits:
		f.value = value
		f.ordinal = strings.HasSuffix(w.text, "st") || strings.HasSuffix(w.text, "nd") || strings.HasSuffix(w.text, "rd") || strings.HasSuffix(w.text, "th")
	case p.fraction(i):
		f.value, _ = part(w.text)
		return f, true
	default:
		v, ok := lex.numeral[w.text]
		if !ok || w.text == "one" && !p.countsOne(i) || w.text == "second" && i > 0 && p.words[i-1].figure {
			return f, false
		}
		f.value, f.ordinal = v, isOrdinal(w.text)
		if f.to < len(p.words) && v >= 20 && v < 100 && p.tight(f.to) {
			if u, ok := lex.numeral[p.words[f.to].text]; ok && u < 10 && u > 0 {
				f.value, f.to = v+u, f.to+1
			}
		}
	}
	for f.to < len(p.words) && p.tight(f.to) {
		next := p.words[f.to].text
		if m, ok := magnitude(next); ok {
			f.value, f.to = f.value*m, f.to+1
			continue
		}
		if d, ok := part(next); ok && !f.ordinal && f.value < 20 {
			f.value, f.to = f.value*d, f.to+1
		}
		break
	}
	return f, true
}

// fraction reports whether word i alone is a part: "half of", "a quarter of".
func (p *parsedText) fraction(i int) bool {
	t := p.words[i].text
	if t != "half" && t != "quarter" || i+1 >= len(p.words) || strings.HasPrefix(p.gap(i+1), "-") {
		return false
	}
	next := p.words[i+1].text
	return next == "of" || next == "the" || next == "a" || next == "its" || next == "their"
}

// countsOne reports whether "one" at word i is a number and no pronoun.
func (p *parsedText) countsOne(i int) bool {
	if i > 0 {
		switch p.words[i-1].text {
		case "no", "any", "every", "some", "each", "this", "that", "the", "another", "which":
			return false
		}
	}
	return i+1 < len(p.words) && p.words[i+1].content && p.tight(i+1)
}

func isOrdinal(token string) bool {
	return strings.HasSuffix(token, "th") || token == "first" || token == "second" || token == "third"
}

// digitValue reads "1037", "4th", "5m", "20k", "2.5".
func digitValue(token string) (float64, bool) {
	end := strings.IndexFunc(token, func(r rune) bool { return !unicode.IsDigit(r) && r != '.' })
	if end == 0 || token == "" {
		return 0, false
	}
	suffix := ""
	if end > 0 {
		token, suffix = token[:end], token[end:]
	}
	v, err := strconv.ParseFloat(token, 64)
	if err != nil {
		return 0, false
	}
	if m, ok := magnitude(suffix); ok {
		v *= m
	}
	return v, true
}

// sign returns the unit that a sign before or after f gives it.
func (p *parsedText) sign(f figure) string {
	before, after := p.gap(f.from), p.gap(f.to)
	switch {
	case strings.HasPrefix(after, "%"):
		return "percent"
	case strings.HasPrefix(after, "°"):
		return "degree"
	case strings.HasSuffix(before, "$"):
		return "dollar"
	case strings.HasSuffix(before, "€") || strings.HasPrefix(after, "€"):
		return "euro"
	case strings.HasSuffix(before, "£"):
		return "pound"
	case strings.HasSuffix(before, "₹"):
		return "rupee"
	case strings.HasSuffix(before, "¥"):
		return "yen"
	}
	return f.unit
}

// limitAt reads the qualifier before word i.
func (p *parsedText) limitAt(i int) limit {
	at := func(k int) string {
		if i-k < 0 {
			return ""
		}
		return p.words[i-k].text
	}
	one, two := at(1), at(2)+" "+at(1)
	switch {
	case one == "over" || one == "above" || one == "exceeding" || two == "at least" || two == "no fewer" || one == "than" && comparative(at(2)) > 0:
		return limitMore
	case one == "under" || one == "below" || one == "nearly" || one == "almost" || one == "than" && comparative(at(2)) < 0 ||
		two == "up to" || two == "at most" || two == "close to":
		return limitLess
	}
	return limitNone
}

// comparative returns 1 for what says that a thing is more, -1 for less.
func comparative(token string) int {
	switch token {
	case "more", "greater", "older", "higher", "longer", "larger", "bigger", "later", "heavier", "better":
		return 1
	case "less", "fewer", "younger", "lower", "shorter", "smaller", "earlier", "lighter":
		return -1
	}
	return 0
}

func sameValue(a, b figure) bool {
	if a.vague != "" || b.vague != "" {
		return a.vague == b.vague
	}
	return math.Abs(a.value-b.value) <= 1e-9*math.Max(1, math.Abs(a.value))
}

// refuseFigures refuses a figure that is not in the quotes, or that has
// another unit, bound or subject there.
func refuseFigures(point *parsedText, e *evidence) string {
	for _, f := range point.figures {
		if f.dateLike(point) && e.year(f) {
			continue
		}
		var found []located
		for _, q := range e.quotes {
			for _, g := range q.figures {
				if sameValue(f, g) {
					found = append(found, located{q, g})
				}
			}
		}
		if len(found) == 0 && f.one(point) {
			continue
		}
		if len(found) == 0 {
			return fmt.Sprintf("the figure %q is not in its sentences", f.text(point))
		}
		if reason := mismatched(point, f, found, e); reason != "" {
			return reason
		}
	}
	for i := range point.words {
		w := &point.words[i]
		if !w.figure && !w.name && strings.ContainsFunc(w.text, unicode.IsDigit) && !e.has(w) {
			return fmt.Sprintf("%q is not in its sentences", point.text[w.Start:w.End])
		}
	}
	return ""
}

// one reports whether f may stand for "a": "one bus", but not "1e9" and not
// "1 percent".
func (f figure) one(p *parsedText) bool {
	digits := p.text[p.words[f.from].Start:p.words[f.from].End]
	return f.value == 1 && f.vague == "" && !essential(f.unit) && (digits == "1" || digits[0] < '0' || digits[0] > '9')
}

// located is a figure with the text that it stands in.
type located struct {
	*parsedText
	figure
}

func mismatched(point *parsedText, f figure, found []located, e *evidence) string {
	text := f.text(point)
	if !slices.ContainsFunc(found, func(g located) bool {
		return g.unit == f.unit || f.unit == "" && point.unitless(f) && !essential(g.unit)
	}) {
		return fmt.Sprintf("%q has another unit in its sentences", text)
	}
	if f.limit != limitNone && !slices.ContainsFunc(found, func(g located) bool { return g.limit == f.limit }) {
		return fmt.Sprintf("its sentences do not say that %q is a bound of this kind", text)
	}
	things := point.things(f)
	if f.unit == "percent" {
		things = point.parts(f)
	}
	if f.unit != "" && f.unit != "percent" || len(things) == 0 || f.ordinal {
		return ""
	}
	if f.unit == "percent" {
		return swapped(text, f, found, things)
	}
	if !slices.ContainsFunc(things, func(w *word) bool { return e.has(w) }) {
		return fmt.Sprintf("its sentences do not count %q with %q", things[len(things)-1].text, text)
	}
	return swapped(text, f, found, things)
}

// swapped refuses a figure that in all of its places another figure has the
// things of.
func swapped(text string, f figure, found []located, things []*word) string {
	for _, g := range found {
		if shares(g.around(g.figure, f.unit == ""), things) || !g.others(g.figure, things) {
			return ""
		}
	}
	return fmt.Sprintf("in its sentences %q counts something else", text)
}

// parts returns the content words after f over "of" and its like: what a
// percentage is of.
func (p *parsedText) parts(f figure) []*word {
	var out []*word
	for i := f.to; i < len(p.words) && i < f.to+5 && !p.words[i].figure && !strings.ContainsAny(p.gap(i), ",;:.–—"); i++ {
		w := &p.words[i]
		if w.text == "and" || w.text == "but" {
			break
		}
		if w.content {
			out = append(out, w)
		}
	}
	return out
}

// essential reports whether a figure is not the same without its unit.
func essential(unit string) bool {
	switch unit {
	case "percent", "dollar", "euro", "pound", "rupee", "yen", "yuan", "ruble":
		return true
	}
	return false
}

// unitless reports whether f counts nothing by name: no noun follows it.
func (p *parsedText) unitless(f figure) bool { return len(p.things(f)) == 0 }

// things returns the content words that directly follow f, at most three.
func (p *parsedText) things(f figure) []*word {
	var out []*word
	for i := f.to; i < len(p.words) && i < f.to+3; i++ {
		w := &p.words[i]
		if !w.content || w.figure || !p.tight(i) {
			break
		}
		out = append(out, w)
	}
	return out
}

// around returns the words near f up to punctuation or another figure: what
// follows it, and where before is true what precedes it.
func (p *parsedText) around(f figure, before bool) []*word {
	var out []*word
	for i := f.to; i < len(p.words) && i < f.to+8 && !p.words[i].figure && !strings.ContainsAny(p.gap(i), ",;:.()–—"); i++ {
		out = append(out, &p.words[i])
	}
	behind, stops := f.from-6, ",;:.–—"
	if strings.HasSuffix(p.gap(f.from), "(") { // "the most medals in these games (37)"
		before, behind = true, f.from-9
	}
	for i := f.from - 1; before && i >= 0 && i > behind && !p.words[i].figure && !strings.ContainsAny(p.gap(i+1), stops); i-- {
		out = append(out, &p.words[i])
	}
	return out
}

// others reports whether another figure of p counts things.
func (p *parsedText) others(f figure, things []*word) bool {
	return slices.ContainsFunc(p.figures, func(g figure) bool {
		return g.from != f.from && g.unit == f.unit && !g.ordinal && shares(p.around(g, false), things)
	})
}

func shares(a, b []*word) bool {
	return slices.ContainsFunc(a, func(v *word) bool {
		return v.content && slices.ContainsFunc(b, func(w *word) bool { return v.canon == w.canon })
	})
}

// dateLike reports whether f can be a year.
func (f figure) dateLike(p *parsedText) bool {
	return f.vague == "" && f.unit == "" && f.to == f.from+1 && f.value >= 1900 && f.value < 2100 && len(p.words[f.from].Text) == 4 &&
		!strings.Contains(f.text(p), ",")
}

// year reports whether f is the year of a cited article.
func (e *evidence) year(f figure) bool {
	return slices.ContainsFunc(e.published, func(d corpus.Date) bool { return len(d) >= 4 && string(d[:4]) == strconv.Itoa(int(f.value)) })
}
