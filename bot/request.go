package bot

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"verbatim/bot/discord"
	"verbatim/internal/settings"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// request is what a user wants of the bot, whichever way it came.
type request struct {
	id        string // of the interaction or message
	verb      string // command, or what a button does
	arg       string // of a button: a ref, a page, a filter
	options   map[string]string
	sub       []string // subcommand group and subcommand
	focused   string   // option that is being typed
	server    string   // "" in a direct message
	channel   string
	user      string
	roles     []string
	moderator bool
	locale    string

	target     *discord.Message // of a menu, or that a button stands on
	attachment *discord.Attachment
	channels   map[string]discord.ResolvedChannel
	// permissions are the bot's own in the channel, where Discord told.
	permissions uint64
	told        bool
	private     bool // only the asker is to see the reply
	settings    settings.Server

	// refund makes the request count against no limit after all; nil if it does not.
	refund func()
	// show shows a part of the reply before the whole is made, without waiting
	// for it; nil where there is no place for that.
	show func(ctx context.Context, part *reply)
}

// filter admits the corpus of the operator and of the server; a direct message
// has no server.
func (r *request) filter() retrieval.Filter { return retrieval.Filter{Scope: r.scope()} }

// scope is what the server may see that r came from.
func (r *request) scope() corpus.Scope { return corpus.Scope{Server: r.server} }

// reply is what a handler wants to be shown. Dispatch turns it into messages
// within Discord's limits: an embed if it has a question or a title, else text.
type reply struct {
	asked  string // the question or query as it was put, to be read back from the message
	title  string // what is shown; escaped
	state  state
	blocks []block
	foot   string // below all; not escaped
	rows   [][]button
	file   *discord.File
	// deletes the message that the button stands on.
	deletes bool

	// mentions is the id of a role that the reply mentions; nobody else is.
	mentions string
	// failed replies say why there is no other. Where a reply would change a
	// message that others see, it is shown to the asker alone instead.
	failed bool
	// unanswered replies do not count as answers against the limits.
	unanswered bool

	modal   *modal
	choices []discord.Choice
}

// state gives an embed its color. It is said in words too.
type state int

const (
	stateNone state = iota
	stateAnswered
	stateUnsure
	stateNoEvidence
)

// color is as Discord writes it: red, green and blue.
func (s state) color() int {
	return map[state]int{stateNone: 0x5865f2, stateAnswered: 0x2e7d32, stateUnsure: 0xf9a825, stateNoEvidence: 0x757575}[s]
}

// block is a part of a reply that stands on lines of its own.
type block struct {
	text string // escaped, within the Markdown that the bot uses
	// soft text may go on in the next message, at the end of a word.
	soft bool
	// plain is the same for a file, not escaped; "" means that text will do.
	plain string
}

// button is one button; a link where url is set.
type button struct {
	label string
	id    string
	style buttonStyle
	off   bool
}

type buttonStyle int

const (
	quiet buttonStyle = iota
	loud
)

// modal asks for one text.
type modal struct {
	id, title, label, hint string
	max                    int // runes
	optional               bool
}

// handler does what a request asks for.
type handler func(ctx context.Context, r *request) (*reply, error)

// say is a reply of one sentence.
func say(sentence string) *reply { return &reply{blocks: []block{{text: sentence, soft: true}}} }

// sorry is a reply of one sentence that says why there is no other.
func sorry(sentence string) *reply {
	r := say(sentence)
	r.failed, r.unanswered = true, true
	return r
}

const moderate = discord.PermManageServer | discord.PermAdministrator

// newRequest reads an interaction; ok is false for one without a meaning.
func newRequest(i *discord.Interaction) (r *request, ok bool) {
	r = &request{
		id: i.ID, server: i.Server, channel: i.Channel, user: i.Asker(), locale: i.Locale,
		options: map[string]string{}, channels: i.Data.Resolved.Channels,
	}
	r.permissions, r.told = discord.Permissions(i.AppPermissions)
	if i.Member != nil {
		r.roles = i.Member.Roles
		bits, _ := discord.Permissions(i.Member.Permissions)
		r.moderator = bits&moderate != 0
	}
	switch i.Type {
	case discord.InteractionCommand, discord.InteractionAutocomplete:
		r.verb = i.Data.Name
		r.read(i.Data.Options, i.Data.Resolved.Attachments)
		if m, found := i.Data.Resolved.Messages[i.Data.TargetID]; found {
			r.target = &m
		}
		r.private, _ = strconv.ParseBool(r.options["private"])
	case discord.InteractionComponent, discord.InteractionModal:
		r.target = i.Message
		r.verb, r.arg, ok = parseID(i.Data.CustomID)
		if !ok {
			return nil, false
		}
		for _, c := range i.Data.Inputs {
			inputs(&c, r.options)
		}
	default:
		return nil, false
	}
	return r, r.user != ""
}

func (r *request) read(options []discord.Option, files map[string]discord.Attachment) {
	for _, o := range options {
		switch o.Type {
		case discord.OptionGroup, discord.OptionSub:
			r.sub = append(r.sub, o.Name)
			r.read(o.Options, files)
			continue
		case discord.OptionFile:
			if a, ok := files[o.Text()]; ok {
				r.attachment = &a
			}
		}
		r.options[o.Name] = o.Text()
		if o.Focused {
			r.focused = o.Name
		}
	}
}

// inputs collects the values of the text inputs of a modal.
func inputs(c *discord.Component, into map[string]string) {
	if c.CustomID != "" {
		into[c.CustomID] = c.Value
	}
	for i := range c.Components {
		inputs(&c.Components[i], into)
	}
	if c.Component != nil {
		inputs(c.Component, into)
	}
}

// A custom id is a verb and an argument with "|" between them. Discord takes
// at most 100 characters; ids are kept to 100 bytes.
const maxID = 100

func makeID(verb, arg string) string { return verb + "|" + arg }

func parseID(id string) (verb, arg string, ok bool) { return strings.Cut(id, "|") }

// scope is what limits a search and goes on to the next question of a
// conversation: it stands in the ids of buttons.
type scope struct {
	since, until corpus.Date
	outlet       string
}

func (s scope) String() string {
	return string(s.since) + "|" + string(s.until) + "|" + s.outlet
}

// id returns a custom id that carries the scope, without the outlet where
// its name is too long for that.
func (s scope) id(verb string) string {
	id := makeID(verb, s.String())
	if len(id) > maxID || !utf8.ValidString(id) {
		s.outlet = ""
		id = makeID(verb, s.String())
	}
	return id
}

func parseScope(arg string) scope {
	parts := strings.SplitN(arg, "|", 3)
	for len(parts) < 3 {
		parts = append(parts, "")
	}
	s := scope{outlet: parts[2]}
	if d, err := corpus.ParseDate(parts[0]); err == nil {
		s.since = d
	}
	if d, err := corpus.ParseDate(parts[1]); err == nil {
		s.until = d
	}
	return s
}

// apply limits f to the scope, or to the outlets that moderators chose.
func (s scope) apply(f retrieval.Filter, defaults []string) retrieval.Filter {
	f.Since, f.Until = s.since, s.until
	if s.outlet != "" {
		f.Outlets = []string{s.outlet}
	} else {
		f.Outlets = defaults
	}
	return f
}
