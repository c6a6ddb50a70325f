package segment

import (
	"strings"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/english"
)

// near is how many lines apart a caption may be given twice.
const near = 4

// markTwice marks captions that are given twice, both times, and paragraphs
// that come again, the later time. The items of lists may be equal. A whole
// sentence behind the beginning of the story is no caption: one of the two
// stays.
func (p *page) markTwice() {
	type seen struct {
		line  int
		story bool // a paragraph of the story stands before it
	}
	first := make(map[string]seen, len(p.lines))
	story := false
	for i := range p.lines {
		l := &p.lines[i]
		if l.known || l.reason != "" || l.words < 3 || listItem(l.text) || !l.ended && strings.Contains(l.text, ":") {
			continue
		}
		before, again := first[l.text]
		first[l.text] = seen{i, story}
		if !again {
			story = story || l.prose()
			continue
		}
		j := before.line
		switch {
		case before.story && l.ended && l.words >= 8:
			l.reason = corpus.ReasonRepeated
		case l.words <= 40 && i-j == 1 || l.words <= 60 && i-j <= near && !l.ended && l.words > 5:
			p.lines[j].reason, l.reason = corpus.ReasonCaption, corpus.ReasonCaption
		case l.words >= 12 && l.ended:
			l.reason = corpus.ReasonRepeated
		}
	}
}

// markBlocks marks what a line's furniture draws with it: the items below a
// heading of teasers, and all that follows the comments.
func (p *page) markBlocks() {
	for i := 0; i < len(p.lines); i++ {
		l := &p.lines[i]
		if l.known || l.words > 14 || l.lower == "" || !teaserHead(l.lower) && !teaserList(l) && !moreOn(l) {
			continue
		}
		l.reason = corpus.ReasonTeaser
		// What is below a loose heading has to read like a headline.
		least := 0
		if moreOn(l) {
			least = 6
		}
		for i+1 < len(p.lines) && teaserItem(&p.lines[i+1]) && p.lines[i+1].words >= least {
			i++
			p.lines[i].reason = corpus.ReasonTeaser
		}
	}
	for i := range p.lines {
		if p.lines[i].reason == corpus.ReasonComments && p.tail(i) {
			for j := i + 1; j < len(p.lines); j++ {
				p.lines[j].reason = corpus.ReasonComments
			}
			return
		}
	}
}

// teaserHead reports whether a line in lower case stands over links to other
// stories.
func teaserHead(text string) bool {
	return english.TeaserHeads.Has(strings.Trim(text, " :|»>-–—•·*.!"))
}

// teaserList reports whether l announces links: "More news from the north:".
func teaserList(l *line) bool {
	if !strings.HasSuffix(l.text, ":") || strings.HasPrefix(l.lower, "more than ") {
		return false
	}
	return startsWith(l.lower, []string{"links to"}) ||
		startsWith(l.lower, []string{"more", "other", "also", "related", "further"}) && containsAny(l.lower, []string{" news", " stories", " coverage", " headlines", " reading", " articles"})
}

// moreOn reports whether l stands over links on the subject of the story:
// "More on the fires", "Read more about the fires".
func moreOn(l *line) bool {
	return l.reason == corpus.ReasonTeaser && !l.ended && startsWith(l.lower, []string{"more on", "more about", "read more on", "read more about"})
}

// teaserItem reports whether l is a headline or a teaser of another story: it
// does not end as a sentence does, or breaks off with an ellipsis.
func teaserItem(l *line) bool {
	if l.known {
		return false
	}
	if l.reason != "" {
		return true
	}
	cut := strings.HasSuffix(l.text, "...") || strings.HasSuffix(l.text, "…")
	return cut && l.words <= 60 || !l.ended && l.words <= 20
}

// tail reports whether the lines after i are the smaller part of the body.
func (p *page) tail(i int) bool {
	return len(p.body)-p.lines[i].End <= p.lines[i].Start
}
