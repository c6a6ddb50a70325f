package bot

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"verbatim/bot/discord"
	"verbatim/internal/safetext"
)

// Discord's limits, counted so that emoji count as two.
const (
	maxContent     = 2000
	maxDescription = 4096
	maxAuthor      = 256
	maxFooter      = 2048
	maxEmbeds      = 6000 // all text of all embeds of a message
	maxLabel       = 80
	// maxMessages is how many messages an answer may take before the rest of
	// it goes into a file.
	maxMessages = 3
)

const (
	inFile      = "-# The rest is in the attached file."
	inFileShort = "*This part is too long for a message: it is in the attached file.*"
)

// pack cuts a reply into messages that Discord takes: nothing inside a word,
// a quote, a link or a Markdown mark is ever cut. What does not fit, or is one
// piece longer than a message, goes into a file. Buttons stand under the last
// message. With plain no embeds are used, which need a permission.
func pack(r *reply, plain bool) []discord.Outgoing {
	var out []discord.Outgoing
	var whole bool
	if plain || r.asked == "" && r.title == "" {
		out, whole = packText(r)
	} else {
		out, whole = packEmbed(r)
	}
	for i := range out {
		out[i].Components, out[i].Mentions = []discord.MessageComponent{}, discord.Mentions{Parse: []string{}}
		if r.mentions != "" {
			out[i].Mentions.Roles = []string{r.mentions}
		}
		if out[i].Embeds == nil {
			out[i].Embeds = []*discord.Embed{}
		}
	}
	last := &out[len(out)-1]
	last.Components = rows(r.rows)
	attached := r.file
	if !whole {
		attached = &discord.File{Name: "answer.txt", Data: []byte(plainText(r))}
	}
	if attached != nil {
		last.File = attached
		last.Attachments = &[]discord.SentFile{{ID: 0, Filename: attached.Name}}
	}
	return out
}

// packEmbed makes one message with one embed. The question is its author line,
// or the first line of its text if it is too long for that.
func packEmbed(r *reply) (out []discord.Outgoing, whole bool) {
	e := &discord.Embed{Title: r.title, Color: r.state.color()}
	head := ""
	switch {
	case r.asked == "":
	case units(r.asked) <= maxAuthor:
		e.Author = &discord.EmbedAuthor{Name: r.asked}
	default:
		head = heading("", r.asked)
	}
	if r.foot != "" {
		e.Footer = &discord.EmbedFooter{Text: clip(safetext.Named(r.foot), maxFooter/2)}
	}
	texts, whole := fill(r.blocks, head, maxDescription-units(inFile)-1)
	e.Description = texts[0]
	if !whole || len(texts) > 1 {
		e.Description, whole = join(texts[0], inFile), false
	}
	return []discord.Outgoing{{Embeds: []*discord.Embed{e}}}, whole
}

// packText makes messages of text, each of which begins with the question.
func packText(r *reply) (out []discord.Outgoing, whole bool) {
	head := ""
	switch {
	case r.asked != "":
		head = heading(r.title, r.asked)
	case r.title != "":
		head = "**" + r.title + "**"
	}
	blocks := r.blocks
	if r.foot != "" {
		blocks = append(slices.Clone(blocks), small(r.foot))
	}
	texts, whole := fill(blocks, head, maxContent-units(inFile)-1)
	if len(texts) > maxMessages {
		texts, whole = texts[:1], false
	}
	if !whole {
		texts[len(texts)-1] = join(texts[len(texts)-1], inFile)
	}
	for _, t := range texts {
		out = append(out, discord.Outgoing{Content: t})
	}
	return out, whole
}

// fill sets blocks into texts of at most limit units, each below the head; whole
// is false if one does not fit into any.
func fill(blocks []block, head string, limit int) (texts []string, whole bool) {
	cur := head
	whole = true
	flush := func() {
		if cur != head {
			texts = append(texts, cur)
		}
		cur = head
	}
	for _, b := range blocks {
		text := b.text
		if units(join(cur, text)) > limit && !b.soft {
			flush()
		}
		for b.soft && units(join(cur, text)) > limit {
			part, rest, ok := split(text, limit-units(cur)-1)
			if ok {
				cur, text = join(cur, part), rest
			} else if cur == head {
				break
			}
			flush()
		}
		if units(join(head, text)) > limit {
			text, whole = inFileShort, false
		}
		cur = join(cur, text)
	}
	flush()
	switch {
	case len(texts) > 0:
	case head != "":
		texts = []string{head}
	default:
		texts = []string{"\u2800"}
	}
	return texts, whole
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n" + b
}

// split cuts escaped prose after the last whole sentence, or else the last
// whole word, that leaves at most room units; never inside square brackets.
func split(text string, room int) (part, rest string, ok bool) {
	best, sentence, depth, used := 0, 0, 0, 0
	prev := ' '
	for i, r := range text {
		switch r {
		case '[':
			depth++
		case ']':
			depth = max(0, depth-1)
		case ' ', '\n':
			if depth == 0 && used <= room {
				best = i
				if r == '\n' || strings.ContainsRune(".!?…", prev) {
					sentence = i
				}
			}
		}
		used += units(string(r))
		if used > room {
			break
		}
		prev = r
	}
	if sentence > best/2 {
		best = sentence
	}
	if best == 0 {
		return "", "", false
	}
	return strings.TrimRight(text[:best], " \n"), strings.TrimLeft(text[best:], " \n"), true
}

// markdown are the marks that the bot itself writes.
var markdown = regexp.MustCompile(`(?m)^(-# |> )|\*\*|\]\(<[^>]*>\)`)

// plainText is a whole reply for a file, without Markdown.
func plainText(r *reply) string {
	var b strings.Builder
	all := append([]block{{text: heading("", r.asked), plain: r.asked}, {text: r.title}}, r.blocks...)
	for _, s := range append(all, block{text: r.foot, plain: r.foot}) {
		text := s.plain
		if text == "" {
			text = unescape(markdown.ReplaceAllString(s.text, ""))
		}
		if text != "" {
			b.WriteString(strings.TrimRight(text, "\n"))
			b.WriteString("\n\n")
		}
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

// rows turns buttons into components: at most five in a row, no id twice, no
// label over the limit.
func rows(all [][]button) []discord.MessageComponent {
	out := []discord.MessageComponent{}
	seen := map[string]bool{}
	for _, row := range all {
		var cs []discord.MessageComponent
		for _, b := range row {
			if len(cs) == 5 || len(b.id) > maxID || seen[b.id] || !utf8.ValidString(b.id) {
				continue
			}
			seen[b.id] = true
			style := discord.SecondaryButton
			if b.style == loud {
				style = discord.PrimaryButton
			}
			cs = append(cs, discord.Button{Label: clip(b.label, maxLabel), Style: style, CustomID: b.id, Disabled: b.off})
		}
		if len(cs) > 0 && len(out) < 5 {
			out = append(out, discord.ActionsRow{Components: cs})
		}
	}
	return out
}
