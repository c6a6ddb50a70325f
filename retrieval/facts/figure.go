package facts

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// Bound says how a figure is qualified.
type Bound uint8

// The bounds.
const (
	Exact  Bound = iota // not qualified
	More                // more than, over, at least, … or more
	Less                // fewer than, up to, at most
	Nearly              // nearly, almost, just under
	About               // about, some, roughly, … or so
)

// boundNamed returns the bound of that name in the lists of phrases.
func boundNamed(name string) Bound {
	switch name {
	case "more":
		return More
	case "less":
		return Less
	case "nearly":
		return Nearly
	case "about":
		return About
	}
	return Exact
}

// Figure is a number in digits or letters, with its unit and its bound.
type Figure struct {
	From, To int // tokens of the number and its unit
	Kind     Kind
	Value    float64
	High     float64 // the end of a range that this figure begins, or 0; the end is a figure too
	Vague    string  // "hundreds": a number without a value
	Unit     string  // as package english names it, "" if it counts things
	Per      string  // "day" in "5 dollars a day", or ""
	Bound    Bound
	Ordinal  bool
	// Counts are the tokens right behind the figure that name what it counts,
	// at most three: "Afghan soldiers". Empty if a figure has a unit.
	Counts Range
}

// Same reports whether f and g have the same value, whatever their units.
func (f Figure) Same(g Figure) bool {
	if f.Vague != "" || g.Vague != "" {
		return f.Vague == g.Vague
	}
	return math.Abs(f.Value-g.Value) <= 1e-9*math.Max(1, math.Abs(f.Value))
}

// readFigures finds the numbers, in digits and in words, with their units and
// qualifiers. It comes after the dates, whose numbers are none of these.
func (f *Facts) readFigures() {
	const numeric = words.IsFigure | words.IsCardinal | words.IsOrdinal | words.IsVague | words.IsMagnitude | words.IsFraction
	for i := 0; i < len(f.Tokens); {
		if f.Tokens[i].Class&numeric == 0 || f.marks[i].flags&inFigure != 0 {
			i++
			continue
		}
		n, ok := f.figure(i)
		if !ok {
			i++
			continue
		}
		f.addFigure(n)
		i = n.To
	}
	for k := len(f.Figures) - 1; k >= 0; k-- {
		n := &f.Figures[k]
		if n.Unit == "" && !n.Ordinal && n.Kind&KindYear == 0 {
			n.Counts = f.counted(n.To)
		}
		if n.High != 0 && n.Counts.Len() == 0 && n.Unit == f.Figures[k+1].Unit {
			n.Counts = f.Figures[k+1].Counts
		}
	}
}

func (f *Facts) addFigure(n Figure) {
	for i := n.From; i < n.To; i++ {
		f.marks[i].flags |= inFigure
	}
	if last := len(f.Figures) - 1; last >= 0 && f.ranges(f.Figures[last], n) {
		low := &f.Figures[last]
		low.High = n.Value
		if low.Unit == "" {
			low.Unit, low.Per = n.Unit, n.Per // "10 to 15 percent"
			low.Kind = f.kindOfFigure(*low)
			f.List[len(f.List)-1].Kind = low.Kind
			f.Kinds |= low.Kind
		}
	}
	n.Kind = f.kindOfFigure(n)
	f.Figures = append(f.Figures, n)
	f.add(n.Kind, n.From, n.To)
}

// figure reads the figure that begins at token i.
func (f *Facts) figure(i int) (Figure, bool) {
	if f.is(i, words.IsVague) {
		return Figure{From: i, To: i + 1, Vague: f.text(i), Bound: f.boundBefore(i)}, true
	}
	n, ok := f.number(i)
	if !ok {
		return n, false
	}
	n.Bound = f.boundBefore(i)
	f.unit(&n)
	if b := f.boundBehind(n.To); b != Exact {
		n.Bound = b
	}
	return n, true
}

// number reads the number that begins at token i.
func (f *Facts) number(i int) (Figure, bool) {
	n := Figure{From: i, To: i + 1}
	token := f.text(i)
	value, digits := digitValue(token)
	switch {
	case digits:
		n.Value = value
		n.Ordinal = len(token) > 2 && english.OrdinalSuffixes.Has(token[len(token)-2:])
	case f.partOf(i):
		n.Value, _ = english.Fractions.Get(token)
		return n, true
	case f.is(i, words.IsMagnitude) && i > 0 && (f.text(i-1) == "a" || f.text(i-1) == "an") && f.Tight(i):
		n.Value = 1
		n.To = i // the word itself multiplies
	default:
		v, ok := english.Cardinals.Get(token)
		if !ok {
			v, ok = english.Ordinals.Get(token)
			n.Ordinal = ok
		}
		if !ok || token == "one" && !f.countsOne(i) || token == "second" && f.marks[max(0, i-1)].flags&inFigure != 0 {
			return n, false
		}
		n.Value = v
		if v >= 20 && v < 100 && !n.Ordinal && f.Tight(n.To) {
			if u, ok := english.Cardinals.Get(f.text(n.To)); ok && u < 10 && u > 0 {
				n.Value, n.To = v+u, n.To+1
			} else if u, ok := english.Ordinals.Get(f.text(n.To)); ok && u < 10 {
				n.Value, n.To, n.Ordinal = v+u, n.To+1, true
			}
		}
	}
	f.multiply(&n)
	return n, n.To > i
}

// multiply reads the magnitudes and the parts behind a number.
func (f *Facts) multiply(n *Figure) {
	for n.To == n.From || f.Tight(n.To) {
		if m, ok := english.Magnitudes.Get(f.text(n.To)); ok {
			n.Value, n.To = n.Value*m, n.To+1
			continue
		}
		if d, ok := english.Fractions.Get(f.text(n.To)); ok && !n.Ordinal && n.Value < 20 {
			n.Value, n.To = n.Value*d, n.To+1
		}
		return
	}
}

// partOf reports whether token i alone is a part: "half of", "a quarter of".
func (f *Facts) partOf(i int) bool {
	t := f.text(i)
	if t != "half" && t != "quarter" || i+1 >= len(f.Tokens) || f.marks[i+1].gap&gapHyphen != 0 {
		return false
	}
	switch f.text(i + 1) {
	case "of", "the", "a", "its", "their":
		return true
	}
	return false
}

// countsOne reports whether "one" at token i is a number and no pronoun.
func (f *Facts) countsOne(i int) bool {
	return !english.BeforePronounOne.Has(f.text(i-1)) && f.Tight(i+1) && f.marks[i+1].flags&content != 0
}

// digitValue reads "1037", "4th", "5m", "20k", "2.5", "1990s".
func digitValue(token string) (float64, bool) {
	if token == "" || token[0] < '0' || token[0] > '9' {
		return 0, false
	}
	end := strings.IndexFunc(token, func(r rune) bool { return !unicode.IsDigit(r) && r != '.' })
	suffix := ""
	if end > 0 {
		token, suffix = token[:end], token[end:]
	}
	v, err := strconv.ParseFloat(token, 64)
	if err != nil {
		return 0, false
	}
	if m, ok := english.Magnitudes.Get(suffix); ok && suffix != "" {
		v *= m
	}
	return v, true
}

// unit reads the unit of n, behind it or as a sign, and what it is counted
// per.
func (f *Facts) unit(n *Figure) {
	if f.Tight(n.To) && !n.Ordinal {
		next := f.text(n.To)
		unit, ok := unitNamed(next)
		if !ok && f.Tokens[n.To].Cap {
			unit, ok = english.CapitalUnits.Get(next)
		}
		switch {
		case ok:
			n.Unit = unit
			if m, ok := english.UnitMultiples.Get(next); ok {
				n.Value *= m
			}
			n.To++
		case next == "per" && f.text(n.To+1) == "cent":
			n.Unit, n.To = "percent", n.To+2
		}
	}
	if sign := f.sign(*n); sign != "" {
		n.Unit = sign
	}
	if n.Unit == "degree" && n.To < len(f.Tokens) { // "40 degrees Celsius"
		unit, ok := unitNamed(f.text(n.To))
		if !ok && f.Tokens[n.To].Cap {
			unit, ok = english.CapitalUnits.Get(f.text(n.To))
		}
		if ok && (unit == "celsius" || unit == "fahrenheit") {
			n.Unit, n.To = unit, n.To+1
		}
	}
	f.per(n)
}

func unitNamed(token string) (string, bool) {
	if u, ok := english.Units.Get(token); ok {
		return u, true
	}
	return english.Currencies.Get(token)
}

// sign returns the unit that a sign right before or behind n gives it.
func (f *Facts) sign(n Figure) string {
	before, after := f.Gap(n.From), f.Gap(n.To)
	if after != "" && after != " " {
		for sign, unit := range english.SignsAfter.All() {
			if strings.HasPrefix(after, sign) {
				return unit
			}
		}
	}
	if before != "" && before != " " {
		for sign, unit := range english.SignsBefore.All() {
			if strings.HasSuffix(before, sign) {
				return unit
			}
		}
	}
	return ""
}

// per reads "per day", "a gallon", "an hour" behind n.
func (f *Facts) per(n *Figure) {
	i := n.To
	switch f.text(i) {
	case "per":
	case "a", "an", "each", "every":
		if n.Unit == "" || !f.is(i+1, words.IsUnit|words.IsPeriod) {
			return
		}
		switch f.text(i + 2) {
		case "ago", "earlier", "later", "before", "after":
			return
		}
	default:
		return
	}
	if i+1 >= len(f.Tokens) || !f.Tight(i) || !f.Tight(i+1) || f.text(i+1) == "cent" {
		return
	}
	n.Per = f.text(i + 1)
	if unit, ok := unitNamed(n.Per); ok {
		n.Per = unit
	}
}

// boundBefore reads the qualifier that ends right before token i, the longest
// one; "a" may stand between: "more than a dozen".
func (f *Facts) boundBefore(i int) Bound {
	if f.text(i-1) == "a" || f.text(i-1) == "an" {
		i--
	}
	const longest = 4 // words of a phrase
	for k := max(0, i-longest); k < i; k++ {
		if f.Tokens[k].Class&words.IsBound == 0 {
			continue
		}
		if n, name := english.Bounds.Match(f.from(k)); n > 0 && k+n == i {
			if n == 1 && f.stretch(k, i) {
				continue
			}
			return boundNamed(name)
		}
	}
	return Exact
}

// stretch reports whether "over" or "past" at token k is not a bound of the number
// at i but says when: "over five years", "the past five years"; but "for over
// five years" is one.
func (f *Facts) stretch(k, i int) bool {
	if t := f.text(k); t != "over" && t != "past" {
		return false
	}
	if f.is(k-1, words.IsArticle) {
		return true
	}
	for j := i; j < len(f.Tokens) && j < i+3; j++ {
		if f.is(j, words.IsPeriod) {
			switch f.text(k - 1) {
			case "for", "of", "after", "in", "just", "well", "is", "was":
				return false
			}
			return true
		}
	}
	return false
}

// boundBehind reads the qualifier that begins at token i.
func (f *Facts) boundBehind(i int) Bound {
	switch f.text(i) {
	case "or", "and", "at":
		_, name := english.BoundsAfter.Match(f.from(i))
		return boundNamed(name)
	}
	return Exact
}

// counted returns the tokens from i on that name what the figure right before
// is a number of.
func (f *Facts) counted(i int) Range {
	r := Range{i, i}
	for r.To < len(f.Tokens) && r.To < i+3 && f.marks[r.To].flags&(content|inFigure) == content && f.Tight(r.To) && !clock(f.text(r.To)) {
		r.To++
	}
	return r
}

// ranges reports whether b ends a range that a begins: "10 to 15", "10-15",
// "between 10 and 15".
func (f *Facts) ranges(a, b Figure) bool {
	if a.Vague != "" || b.Vague != "" || a.Ordinal || b.Ordinal || b.Value <= a.Value || a.Unit != "" && a.Unit != b.Unit {
		return false
	}
	if b.From == a.To {
		g := strings.TrimSpace(f.Gap(b.From))
		return (g == "-" || g == "–" || g == "—" || g == "-$" || g == "–$") && a.Unit != "percent"
	}
	if b.From != a.To+1 || !f.Tight(a.To) && f.Gap(a.To) != "% " {
		return false
	}
	switch f.text(a.To) {
	case "to":
		return true
	case "and":
		return f.text(a.From-1) == "between"
	}
	return false
}

// kindOfFigure returns what n is a figure of.
func (f *Facts) kindOfFigure(n Figure) Kind {
	if n.Ordinal {
		return KindOrdinal
	}
	kind := KindNumber
	switch n.Unit {
	case "":
		if f.yearOrDecade(n) {
			kind = KindYear
		}
		switch {
		case clock(f.text(n.To)):
			kind = KindClock
		case f.aged(n.From):
			kind |= KindAge
		}
	case "percent":
		kind |= KindPercent
	case "second", "minute", "hour", "day", "week", "month", "year":
		kind |= KindDuration
		if f.text(n.To) == "old" || f.aged(n.From) {
			kind |= KindAge
		}
	case "pound":
		kind |= KindMeasure
		if strings.HasSuffix(f.Gap(n.From), "£") {
			kind |= KindMoney
		}
	default:
		if _, money := english.Currencies.Get(n.Unit); money {
			kind |= KindMoney
		} else {
			kind |= KindMeasure
		}
	}
	if f.is(n.From, words.IsFraction) && n.To == n.From+1 {
		kind |= KindPercent
	}
	return kind
}

// aged reports whether the number at token i, or the range that it ends, is
// an age: "aged 54", "ages 16 to 59".
func (f *Facts) aged(i int) bool {
	age := func(i int) bool { t := f.text(i); return t == "aged" || t == "age" || t == "ages" }
	return age(i-1) || f.text(i-1) == "to" && f.is(i-2, words.IsFigure) && age(i-3) || f.text(i-1) == "of" && age(i-2)
}

// clock reports whether a token makes a time of the day of the number before.
func clock(token string) bool { return token == "am" || token == "pm" || token == "o'clock" }

// yearOrDecade reports whether n can be a year or a decade, as "1990s", by
// itself.
func (f *Facts) yearOrDecade(n Figure) bool {
	return n.Bound == Exact && (f.YearLike(n) || n.Unit == "" && n.Value >= 1900 && n.Value < 2100 && strings.HasSuffix(f.text(n.From), "0s"))
}

// YearLike reports whether n can be a year: four digits without a unit.
func (f *Facts) YearLike(n Figure) bool {
	return n.Vague == "" && n.Unit == "" && n.To == n.From+1 && n.Value >= 1900 && n.Value < 2100 &&
		len(f.text(n.From)) == 4 && !strings.Contains(f.Raw(n.From), ",")
}
