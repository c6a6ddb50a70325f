package render

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
	MaxContent     = 2000
	MaxDescription = 4096
	MaxAuthor      = 256
	MaxFooter      = 2048
	MaxEmbeds      = 6000 // all text of all embeds of a message
	maxLabel       = 80
	// MaxMessages is how many messages an answer may take before the rest of
	// it goes into a file.
	MaxMessages = 3
)

const (
	InFile      = "-# The rest is in the attached file."
	inFileShort = "*This part is too long for a message: it is in the attached file.*"
)

// Pack cuts a reply into messages that Discord takes: nothing inside a word,
// a quote, a link or a Markdown mark is ever cut. What does not fit, or is one
// piece longer than a message, goes into a file. Buttons stand under the last
// message. With plain no embeds are used, which need a permission.
func Pack(r *Reply, plain bool) []discord.Outgoing {
	var out []discord.Outgoing
	var whole bool
	if plain || r.Asked == "" && r.Title == "" {
		out, whole = packText(r)
	} else {
		out, whole = packEmbed(r)
	}
	for i := range out {
		out[i].Components, out[i].Mentions = []discord.MessageComponent{}, discord.Mentions{Parse: []string{}}
		if r.Mentions != "" {
			out[i].Mentions.Roles = []string{r.Mentions}
		}
		if out[i].Embeds == nil {
			out[i].Embeds = []*discord.Embed{}
		}
	}
	last := &out[len(out)-1]
	last.Components = rows(r.Rows)
	attached := r.File
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
func packEmbed(r *Reply) (out []discord.Outgoing, whole bool) {
	e := &discord.Embed{Title: r.Title, Color: r.State.color()}
	head := ""
	switch {
	case r.Asked == "":
	case Units(r.Asked) <= MaxAuthor:
		e.Author = &discord.EmbedAuthor{Name: r.Asked}
	default:
		head = Heading("", r.Asked)
	}
	if r.Foot != "" {
		e.Footer = &discord.EmbedFooter{Text: Clip(safetext.Named(r.Foot), MaxFooter/2)}
	}
	texts, whole := fill(r.Blocks, head, MaxDescription-Units(InFile)-1)
	e.Description = texts[0]
	if !whole || len(texts) > 1 {
		e.Description, whole = Join(texts[0], InFile), false
	}
	return []discord.Outgoing{{Embeds: []*discord.Embed{e}}}, whole
}

// packText makes messages of text, each of which begins with the question.
func packText(r *Reply) (out []discord.Outgoing, whole bool) {
	head := ""
	switch {
	case r.Asked != "":
		head = Heading(r.Title, r.Asked)
	case r.Title != "":
		head = "**" + r.Title + "**"
	}
	blocks := r.Blocks
	if r.Foot != "" {
		blocks = append(slices.Clone(blocks), Small(r.Foot))
	}
	texts, whole := fill(blocks, head, MaxContent-Units(InFile)-1)
	if len(texts) > MaxMessages {
		texts, whole = texts[:1], false
	}
	if !whole {
		texts[len(texts)-1] = Join(texts[len(texts)-1], InFile)
	}
	for _, t := range texts {
		out = append(out, discord.Outgoing{Content: t})
	}
	return out, whole
}

// fill sets blocks into texts of at most limit units, each below the head; whole
// is false if one does not fit into any.
func fill(blocks []Block, head string, limit int) (texts []string, whole bool) {
	cur := head
	whole = true
	flush := func() {
		if cur != head {
			texts = append(texts, cur)
		}
		cur = head
	}
	for _, b := range blocks {
		text := b.Text
		if Units(Join(cur, text)) > limit && !b.Soft {
			flush()
		}
		for b.Soft && Units(Join(cur, text)) > limit {
			part, rest, ok := Split(text, limit-Units(cur)-1)
			if ok {
				cur, text = Join(cur, part), rest
			} else if cur == head {
				break
			}
			flush()
		}
		if Units(Join(head, text)) > limit {
			text, whole = inFileShort, false
		}
		cur = Join(cur, text)
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

// Join puts two texts on lines of their own.
func Join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n" + b
}

// Split cuts escaped prose after the last whole sentence, or else the last
// whole word, that leaves at most room units; never inside square brackets.
func Split(text string, room int) (part, rest string, ok bool) {
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
		used += Units(string(r))
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
func plainText(r *Reply) string {
	var b strings.Builder
	all := append([]Block{{Text: Heading("", r.Asked), Plain: r.Asked}, {Text: r.Title}}, r.Blocks...)
	for _, s := range append(all, Block{Text: r.Foot, Plain: r.Foot}) {
		text := s.Plain
		if text == "" {
			text = Unescape(markdown.ReplaceAllString(s.Text, ""))
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
func rows(all [][]Button) []discord.MessageComponent {
	out := []discord.MessageComponent{}
	seen := map[string]bool{}
	for _, row := range all {
		var cs []discord.MessageComponent
		for _, b := range row {
			if len(cs) == 5 || len(b.Id) > maxID || seen[b.Id] || !utf8.ValidString(b.Id) {
				continue
			}
			seen[b.Id] = true
			style := discord.SecondaryButton
			if b.style == loud {
				style = discord.PrimaryButton
			}
			cs = append(cs, discord.Button{Label: Clip(b.Label, maxLabel), Style: style, CustomID: b.Id, Disabled: b.Off})
		}
		if len(cs) > 0 && len(out) < 5 {
			out = append(out, discord.ActionsRow{Components: cs})
		}
	}
	return out
}
