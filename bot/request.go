package bot

import (
	"context"
	"strconv"

	"verbatim/bot/discord"
	"verbatim/bot/render"
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
	// permissions are the bot's own in the channel, if Discord says so.
	permissions uint64
	told        bool
	private     bool // only the asker is to see the reply
	settings    settings.Server

	// refund makes the request count against no limit after all; nil if it does not.
	refund func()
	// show shows a part of the reply before the whole is made, without waiting
	// for it; nil if there is no place for that.
	show func(ctx context.Context, part *render.Reply)
}

// filter admits the corpus of the operator and of the server; a direct message
// has no server.
func (r *request) filter() retrieval.Filter { return retrieval.Filter{Scope: r.scope()} }

// scope is what the server may see that r came from.
func (r *request) scope() corpus.Scope { return corpus.Scope{Server: r.server} }

// handler does what a request asks for.
type handler func(ctx context.Context, r *request) (*render.Reply, error)

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
		r.verb, r.arg, ok = render.ParseID(i.Data.CustomID)
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
