package facts

import (
	"strings"
	"unicode"

	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// Name is a name of somebody or something.
type Name struct {
	From, To int // tokens of the name itself
	// Kind is KindName with, as far as it can be told, one of KindPerson,
	// KindPlace, KindOrganisation and KindNationality.
	Kind Kind
	// Sure is true if a word of the name or beside it says what it is; a kind
	// without it is the likeliest.
	Sure bool
	// Title are the tokens of a title, office or description beside the name:
	// "President", "the Badakhshan governor"; empty if there is none.
	Title Range
}

// readNames marks the tokens that are part of names and groups them: those
// with a capital letter, and at the beginning of a sentence only if another
// one follows or the word is not a common one.
func (f *Facts) readNames() {
	for i := range f.Tokens {
		if f.Tokens[i].Cap && f.named(i) {
			f.marks[i].flags |= inName
		}
	}
	for i := 0; i < len(f.Tokens); {
		if f.marks[i].flags&inName == 0 {
			i++
			continue
		}
		to := f.nameEnd(i)
		f.addNames(i, to)
		i = to
	}
}

// named reports whether token i, which has a capital letter, is part of a
// name.
func (f *Facts) named(i int) bool {
	t := &f.Tokens[i]
	if f.marks[i].flags&inFigure != 0 || t.Text == "i" || t.Class&words.IsStop != 0 && !f.Capitals(i) {
		return false
	}
	const known = words.IsBody | words.IsAgency | words.IsPlace | words.IsDemonym | words.IsGivenName
	if f.marks[i].flags&first == 0 || t.Class&known != 0 && t.Class&words.IsCommon == 0 {
		return true
	}
	if t.Class&(words.IsCommon|words.IsFiller) == 0 && !commonForm(t.Text) && !f.describes(i) {
		return true
	}
	return i+1 < len(f.Tokens) && f.Tokens[i+1].Cap && f.marks[i+1].gap&gapJoined != 0 && f.marks[i+1].flags&inFigure == 0
}

// describes reports whether token i, the first of a sentence, stands before a
// noun that it says something of, as far as the next word shows: "Federal
// funding". A verb, a plural and what names go with speak against it.
func (f *Facts) describes(i int) bool {
	if i+1 >= len(f.Tokens) || f.marks[i+1].gap&gapTight == 0 {
		return false
	}
	t := &f.Tokens[i+1]
	const other = words.IsFigure | words.IsBe | words.IsAuxiliary | words.IsReporting | words.IsSpeech | words.IsPlaceKind | words.IsOrganisation |
		words.IsOffice | words.IsStop | words.IsFiller
	return !t.Cap && t.Class&other == 0 && !PastTense(t.Word) && !strings.HasSuffix(t.Text, "s") && !strings.HasSuffix(t.Text, "ly")
}

// Capitals reports whether token i is written in capitals, and has several
// letters: "US", "WHO".
func (f *Facts) Capitals(i int) bool {
	raw := f.Raw(i)
	return len(raw) > 1 && strings.ToUpper(raw) == raw && strings.ContainsFunc(raw, unicode.IsLetter)
}

// commonForm reports whether a token looks like a word rather than a name.
func commonForm(token string) bool {
	for n := 2; n <= 5 && n < len(token); n++ {
		if least, ok := english.CommonSuffixes.Get(token[len(token)-n:]); ok && len(token)-n >= int(least) {
			return true
		}
	}
	return false
}

// nameEnd returns the end of the run of name tokens that begins at i; "of"
// and its like inside it belong to it.
func (f *Facts) nameEnd(i int) int {
	to := i + 1
	for to < len(f.Tokens) {
		joined := func(k int) bool { return f.marks[k].gap&gapJoined != 0 && f.marks[k].flags&first == 0 }
		switch {
		case f.marks[to].flags&inName != 0 && joined(to):
			to++
		case f.is(to, words.IsConnector) && joined(to) && to+1 < len(f.Tokens) && f.marks[to+1].flags&inName != 0 && joined(to+1):
			to += 2
		default:
			return to
		}
	}
	return to
}

// addNames adds the name of tokens from to to, less the nationality, office
// and title before it: "Afghan President Ashraf Ghani".
func (f *Facts) addNames(from, to int) {
	title := Range{from, from}
	for from < to-1 {
		end := f.officeEnd(from, to)
		switch {
		case end > from && f.is(end, words.IsConnector): // "President of Ukraine"
			from, title = end+1, Range{end + 1, end + 1}
		case end > from && !f.organisation(from, to):
			if f.is(from, words.IsDemonym) {
				f.addName(Name{From: from, To: from + 1, Kind: KindNationality, Sure: true})
			}
			from, title.To = end, end
		case f.possessive(from + 1): // "Russia's Vladimir Putin"
			f.addName(f.classified(from, from+1, Range{}))
			from++
			title = Range{from, from}
		default:
			f.addName(f.classified(from, to, title))
			return
		}
	}
	if from < to {
		f.addName(f.classified(from, to, title))
	}
}

// officeEnd returns the end of the title or office that begins at token from,
// with the nationality and the like before it: "Afghan Interior Minister"; or
// from if there is none, or nothing is left of the name.
func (f *Facts) officeEnd(from, to int) int {
	end := from
	for i := from; i < to-1; i++ {
		switch {
		case f.is(i, words.IsTitle|words.IsOffice):
			end = i + 1
		case !f.is(i, words.IsDemonym) && !english.OfficeModifiers.Has(f.text(i)):
			return end
		}
	}
	return end
}

// possessive reports whether the token before i is in the possessive.
func (f *Facts) possessive(i int) bool {
	if i <= 0 || i >= len(f.Tokens) || f.marks[i].gap&gapTight != 0 {
		return false
	}
	g := f.Gap(i)
	return strings.HasPrefix(g, "'s") || strings.HasPrefix(g, "’s") || strings.HasPrefix(g, "' ") || strings.HasPrefix(g, "’ ")
}

func (f *Facts) addName(n Name) {
	f.Names = append(f.Names, n)
	f.add(n.Kind|KindName, n.From, n.To)
}

// organisation reports whether one of several tokens says that they name an
// organisation.
func (f *Facts) organisation(from, to int) bool {
	for i := from; i < to; i++ {
		if f.is(i, words.IsOrganisation|words.IsBody) && !f.is(i, words.IsOffice) {
			return true
		}
	}
	return false
}

// classified returns the name of tokens from to to with what it is the name
// of. What the words of the name say goes before what stands beside it.
func (f *Facts) classified(from, to int, title Range) Name {
	n := Name{From: from, To: to, Kind: KindName, Sure: true, Title: title}
	if kind := f.kindByWords(n); kind != 0 {
		n.Kind |= kind
		if kind != KindPerson {
			return n
		}
	}
	if title.Len() > 0 && f.is(title.To-1, words.IsTitle|words.IsOffice) {
		n.Kind |= KindPerson
		return n
	}
	if kind, beside := f.kindByNeighbours(n); kind != 0 {
		n.Kind |= kind
		if beside.Len() > 0 {
			n.Title = beside
		}
	}
	if n.Kind != KindName {
		return n
	}
	n.Sure = false
	switch {
	case f.only(from, to, words.IsTitle|words.IsOffice):
	case f.thing(from, to):
	case f.is(from-1, words.IsPlacePrep) && to-from == 1 && !f.Capitals(from):
		n.Kind |= KindPlace
	case to-from == 1 && f.Capitals(from):
		n.Kind |= KindOrganisation
	case (to-from == 2 || to-from == 3) && !f.is(from-1, words.IsArticle), f.pronounBehind(to):
		n.Kind |= KindPerson
	}
	return n
}

// only reports whether all of the tokens are of one of the classes.
func (f *Facts) only(from, to int, c words.Class) bool {
	for i := from; i < to; i++ {
		if !f.is(i, c) {
			return false
		}
	}
	return true
}

// thing reports whether a token of a name says that it is not a person's.
func (f *Facts) thing(from, to int) bool {
	for i := from; i < to; i++ {
		if english.Things.Has(f.text(i)) || to-from > 1 && f.is(i, words.IsPlace|words.IsDemonym) {
			return true
		}
	}
	return false
}

// pronounBehind reports whether a pronoun of one person follows token i in its
// sentence before another name does: "Macron failed in his bid".
func (f *Facts) pronounBehind(i int) bool {
	for ; i < len(f.Tokens) && i > 0 && f.marks[i].sentence == f.marks[i-1].sentence && f.marks[i].flags&inName == 0; i++ {
		if english.PersonPronouns.Has(f.text(i)) {
			return true
		}
	}
	return false
}

// kindByWords returns what the words of a name say it is, or 0.
func (f *Facts) kindByWords(n Name) Kind {
	one := n.To-n.From == 1
	switch {
	case one && f.is(n.From, words.IsDemonym):
		return KindNationality
	case one && f.is(n.From, words.IsBody|words.IsAgency) && (!f.is(n.From, words.IsStop) || f.Capitals(n.From)):
		return KindOrganisation
	case f.placePhrase(n):
		return KindPlace
	case !one && f.is(n.From, words.IsGivenName|words.IsTitle):
		return KindPerson
	case !one && f.organisation(n.From, n.To):
		return KindOrganisation
	case one && f.is(n.From, words.IsPlace):
		return KindPlace
	case !one && (f.is(n.To-1, words.IsPlaceKind) || f.is(n.From, words.IsPlaceKind)) && f.placeWords(n):
		return KindPlace
	case f.is(n.To, words.IsPlaceKind) && f.Tight(n.To) && f.placeBehind(n.To): // "Badakhshan province"
		return KindPlace
	case one && f.is(n.From, words.IsGivenName):
		return KindPerson
	}
	return 0
}

// placeWords reports whether a name of several words with a kind of place in
// it names a place: "Mount Everest", "North Korea".
func (f *Facts) placeWords(n Name) bool {
	if f.is(n.From, words.IsPlaceKind) {
		return f.is(n.From+1, words.IsPlace) || english.PlaceHeads.Has(f.text(n.From))
	}
	return true
}

// placeBehind reports whether a kind of place at token i belongs to the name
// before it: "province" does, "north" as a direction does not.
func (f *Facts) placeBehind(i int) bool { return english.PlaceHeads.Has(f.text(i)) }

func (f *Facts) placePhrase(n Name) bool {
	if !f.is(n.From, words.IsPlacePhrase) {
		return false
	}
	k := english.PlacePhrases.Match(f.from(n.From))
	return k == n.To-n.From || k > 0 && f.is(n.To-1, words.IsPlaceKind)
}

// kindByNeighbours returns what the words beside a name say it is, or 0, with
// the tokens of a title or description.
func (f *Facts) kindByNeighbours(n Name) (Kind, Range) {
	none := Range{}
	for k := n.From - 1; k >= 0 && k >= n.From-2 && f.Tight(k+1); k-- {
		if f.is(k, words.IsTitle|words.IsOffice|words.IsPerson) {
			return KindPerson, Range{f.descriptionFrom(k), k + 1} // "border chief Rajabali Rahmonali"
		}
		if !f.is(k, words.IsPerson|words.IsOffice) {
			break
		}
	}
	if n.To >= len(f.Tokens) {
		return 0, none
	}
	comma := f.marks[n.To].gap&gapComma != 0
	switch next := f.Tokens[n.To].Text; {
	case next == "who" || next == "whose":
		return KindPerson, none
	case comma && f.is(n.To, words.IsFigure) && f.ageAt(n.To):
		return KindPerson, none
	case comma:
		if d, ok := f.description(n.To); ok {
			return KindPerson, d
		}
	case f.Tight(n.To) && f.Tokens[n.To].Class&words.IsReporting != 0 && !f.Tokens[n.To].Cap && next != "report" && next != "post" && f.pastOrSays(n.To):
		if n.To-n.From <= 3 {
			return KindPerson, none
		}
	}
	if f.is(n.From-1, words.IsReporting) && n.From >= 2 && f.marks[n.From].gap&gapTight != 0 && n.To-n.From <= 3 {
		return KindPerson, none // "…, said Mohammad Musa"
	}
	return 0, none
}

// pastOrSays reports whether the verb of reporting at token i is a finite form
// of the third person: "said", "says", not "say" or "report".
func (f *Facts) pastOrSays(i int) bool {
	t := f.text(i)
	return strings.HasSuffix(t, "ed") || strings.HasSuffix(t, "s") || english.Irregular.Has(t)
}

// ageAt reports whether the number at token i, behind a comma, is an age:
// "Ann Lee, 54,".
func (f *Facts) ageAt(i int) bool {
	v, ok := digitValue(f.text(i))
	return ok && v >= 1 && v < 120 && i+1 <= len(f.Tokens) && strings.HasPrefix(f.Gap(i+1), ",")
}

// descriptionFrom returns where the description of a person that ends with
// the office at token k begins: with its article, or with the first of the
// words before it that may belong to it.
func (f *Facts) descriptionFrom(k int) int {
	from := k
	for from > 0 && k-from < 5 && f.Tight(from) && !f.is(from-1, words.IsPreposition|words.IsReporting|words.IsBe|words.IsAuxiliary|words.IsConjunction) {
		from--
		if f.is(from, words.IsArticle) {
			break
		}
	}
	return from
}

// description reads the description that begins at token i, behind a name
// and a comma: "Ahmad Bashir Samim, Badakhshan governor," or "Ann Lee, the
// company's chief executive,".
func (f *Facts) description(i int) (Range, bool) {
	office := -1
	for k := i; k < len(f.Tokens) && k < i+9; k++ {
		if k > i && f.marks[k].gap&(gapClause|gapStop) != 0 {
			break
		}
		if f.is(k, words.IsReporting|words.IsAuxiliary) && k > i && office < 0 {
			break
		}
		if f.is(k, words.IsOffice|words.IsPerson) {
			office = k
			break
		}
	}
	if office < 0 || office > i+1 && !f.is(i, words.IsArticle) && !f.Tokens[i].Cap && !f.is(i, words.IsOffice) {
		return Range{}, false
	}
	to := office + 1
	for to < len(f.Tokens) && to < i+12 && f.marks[to].gap&(gapClause|gapStop) == 0 {
		to++
	}
	if to < len(f.Tokens) && f.marks[to].gap&(gapComma|gapStop) == 0 {
		to = office + 1
	}
	return Range{i, to}, true
}
