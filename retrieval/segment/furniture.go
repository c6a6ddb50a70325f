package segment

import (
	"regexp"
	"strings"

	"verbatim/retrieval/corpus"
)

// maxFurniture is the greatest length in bytes of a line that the rules look
// at; notices are hardly longer.
const maxFurniture = 700

// rule says what a line is that has at most words words and matches.
type rule struct {
	reason corpus.Reason
	words  int
	re     *regexp.Regexp
}

func whole(reason corpus.Reason, words int, re string) rule {
	return rule{reason, words, regexp.MustCompile(re)}
}

// lineRules are the rules of whole lines, over lines in lower case with
// straight quotation marks. The first that matches decides.
var lineRules = []rule{
	whole(corpus.ReasonReadingTime, 8, `^\W*(?:estimated )?(?:reading time:? )?\d+[\s-]*(?:min(?:ute)?s?|sec(?:ond)?s?)[\s-]*(?:read|to read|watch|listen)\W*$|^(?:reading|read) time:? .{0,20}$`),
	whole(corpus.ReasonComments, 12, `^(?:there are )?(?:no|\d+) comments?(?: yet| so far)?\W*$|^(?:leave|post|write|add) (?:a|your) (?:comment|reply)\b|^(?:view|show|read|see|hide|load)(?: all| more)?(?: \d+)? comments\b|^join the (?:conversation|discussion)\W*$|^comments(?: \(\d+\)| are closed\W*|:)?$|^be the first to comment|^log ?in to (?:comment|reply)`),
	whole(corpus.ReasonNotice, 90, `\bsafe and (?:engaging|respectful) place\b|\ball rights reserved\b|^(?:copyright )?(?:©|\(c\)) ?(?:copyright )?\d{4}\b|^copyright \d{4}\b|\bmay not be (?:published, broadcast|reproduced|rewritten)|\bprivacy (?:policy|notice)\b.*\bterms\b|\bterms (?:of (?:service|use)|and conditions)\b.*\bprivacy\b|\b(?:we|this (?:site|website)) uses? cookies\b|\bprocessing, storage, sharing and use of this information\b`),
	whole(corpus.ReasonComments, 60, `\byour email address will not be published\b|\brequired fields are marked\b|\barticle commenting\b|\bcommenting (?:is|has been) (?:closed|suspended|disabled)\b|\bcomments (?:are|have been) (?:closed|moderated|disabled|turned off)\b`),
	whole(corpus.ReasonAdvert, 14, `^(?:video )?ad feedback\b|^how relevant is (?:this|the) ad\b|^(?:advertisement|advertising|sponsored(?: content)?|promoted(?: content)?|paid content|story continues (?:below|after).*|article continues (?:below|after).*|skip (?:ad|advertisement).*|report (?:this )?ad\W*)$`),
	whole(corpus.ReasonAdvert, 80, `^(?:video )?ad feedback\b`),
	whole(corpus.ReasonAdvert, 90, `^(?:\W*)(?:please )?(?:sign[ -]?up|subscribe|register)(?: now| here| today| free| for free| below)*(?: for| to| with|:|,|$).{0,80}\b(?:newsletters?|inbox|alerts?|updates?|emails?|e-mails?|podcast|channel|today|subscribe)\b`),
	whole(corpus.ReasonAdvert, 70, `\bsign[ -]?up (?:here|now|today|right here|for (?:our|the|it|free|your)|to (?:receive|get|our))\b.*\b(?:newsletters?|inbox|daily)\b|\bnewsletters?\b.{0,80}\b(?:sign[ -]?up|subscribe)\b|\bget [^.]{3,60}\b(?:newsletter|in your inbox|to your inbox)\b`),
	whole(corpus.ReasonTeaser, 30, `^(?:also read|read also|must[ -]read|read more|more|related|see also|see more|watch|watch now|listen|recommended|don't miss|you may also like|you might also like|related (?:stories|articles|content|news|video|topics)|more (?:stories|news|from [^:]{2,30})|trending(?: now)?|up next|editor's picks?|in other news|top stories|latest news|most (?:read|popular|viewed))\s*(?:[:|»>-]\s*\S.*)$`),
	whole(corpus.ReasonCredit, 14, `^(?:photo|image|picture|video|graphic|file photo|photograph|photo credit|image credit|photo courtesy|credit|source)s?(?: (?:by|credit|courtesy|of|from))*\s*:\s*\S.*$`),
	whole(corpus.ReasonCredit, 6, `\b(?:getty images|shutterstock|alamy|istock)\W*$`),
	whole(corpus.ReasonCredit, 30, `^\W*(?:contributing|contributed)\s*:|^\(?(?:additional )?(?:reporting|writing|editing|edited|compiled) by \S|^with (?:inputs|agency inputs|additional reporting)\b`),
	whole(corpus.ReasonOther, 12, `^(?:share|tweet|print|email|e-mail|copy link|whatsapp|facebook|twitter|linkedin|pinterest|reddit|telegram)(?:[ ,|/·•]+(?:this|on|via|article|story|share|tweet|print|email|link|whatsapp|facebook|twitter|linkedin|pinterest|reddit|telegram|to|x))*\W*$|^(?:follow|like|find|join) us on\b|^click here\b|^(?:back to top|go back|next|previous|skip to (?:content|main content)|home|menu|search|log ?in|sign ?in)$`),
}

// markLines applies the rules to each line, and the lines that the corpus
// repeats.
func (p *page) markLines() {
	for i := range p.lines {
		l := &p.lines[i]
		if l.known || l.lower == "" {
			continue
		}
		for _, r := range lineRules {
			if l.words <= r.words && r.re.MatchString(l.lower) {
				l.reason = r.reason
				break
			}
		}
		if l.reason == "" && p.in.Repeats.Seen(l.text) {
			l.reason = corpus.ReasonOther
		}
	}
}

// near is how many lines apart a caption may be given twice.
const near = 4

// markTwice marks captions that are given twice, both times, and paragraphs
// that come again, the later time.
func (p *page) markTwice() {
	first := make(map[string]int, len(p.lines))
	for i := range p.lines {
		l := &p.lines[i]
		if l.known || l.reason != "" || l.words < 3 {
			continue
		}
		j, again := first[l.text]
		first[l.text] = i
		if !again {
			continue
		}
		switch {
		case l.words <= 60 && i-j <= near && (!l.ended || i-j == 1):
			p.lines[j].reason, l.reason = corpus.ReasonCaption, corpus.ReasonCaption
		case l.words >= 8:
			l.reason = corpus.ReasonRepeated
		}
	}
}

var teaserHead = regexp.MustCompile(`^(?:must[ -]reads?|also read|read also|read more|read next|related(?: (?:stories|articles|content|news|posts|topics|coverage))?|more (?:stories|news|on this|on this story|from [^.]{2,40})|you (?:may|might) (?:also )?(?:like|be interested in)|recommended(?: for you| stories| reading)?|trending(?: now| stories)?|top stories|latest (?:news|stories)|most (?:read|popular|viewed)|don't miss|editor'?s'? (?:picks?|choice)|up next|in other news|popular (?:now|stories)|what to read next)\W*$`)

// markBlocks marks what a line's furniture draws with it: the items below a
// heading of teasers, and all that follows the comments.
func (p *page) markBlocks() {
	for i := range p.lines {
		l := &p.lines[i]
		if l.known || l.words > 8 || l.lower == "" || !teaserHead.MatchString(l.lower) {
			continue
		}
		l.reason = corpus.ReasonTeaser
		for j := i + 1; j < len(p.lines) && teaserItem(&p.lines[j]); j++ {
			p.lines[j].reason = corpus.ReasonTeaser
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

// inBracket matches a credit in brackets at the end of a caption.
var inBracket = regexp.MustCompile(`\s*[\[(](?:[^\[\]()]{0,40}\b)?(?i:getty(?: images)?|reuters|afp|ap|ap photo|epa|file(?: photo)?|photo[^\[\]()]{0,40}|image[^\[\]()]{0,40}|courtesy[^\[\]()]{0,40}|twitter|anadolu|shutterstock|supplied|handout)[\])]$`)

// agencyPhoto matches a photographer with an agency behind a caption:
// "Marco Bertorello/AFP/Getty Images".
var agencyPhoto = regexp.MustCompile(`(?:[A-Z][\p{L}.'’-]+(?: [A-Z][\p{L}.'’-]+){0,3}/)+(?:AFP|AP|Reuters|Getty Images|EPA|Shutterstock|Alamy|Bloomberg|Sipa|NurPhoto|CNN|Pool|Zuma Press|EPA-EFE|Redux|AP Photo|USA TODAY Sports|Anadolu Agency|Xinhua|TASS|ABACA|Imago|Sputnik|ZUMA Press Wire|Newscom|UPI|WireImage|FilmMagic|LightRocket|The New York Times|The Washington Post)(?:/[A-Z][\p{L} .-]+)*$`)

// markWithin marks a photo credit at the end of a caption line.
func (p *page) markWithin(l *line) {
	if l.words > 80 {
		return
	}
	for _, re := range []*regexp.Regexp{inBracket, agencyPhoto} {
		at := re.FindStringIndex(l.text)
		if at == nil || at[0] == 0 && re == inBracket {
			continue
		}
		start := trimStart(p.body, l.Start+at[0], l.End)
		p.add(start, l.End, corpus.ReasonCredit)
		return
	}
}
