package discordtest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Interaction types.
const (
	KindCommand      = 2
	KindComponent    = 3
	KindAutocomplete = 4
	KindModalSubmit  = 5
)

// Response types of a callback.
const (
	RespondMessage        = 4
	RespondDeferred       = 5
	RespondDeferredUpdate = 6
	RespondUpdate         = 7
	RespondChoices        = 8
	RespondModal          = 9
)

// Invocation says who does something where. No GuildID is a direct message.
type Invocation struct {
	GuildID, ChannelID string
	User               User     // default Someone
	Permissions        int64    // of the user; default DefaultPermissions
	Roles              []string // of the user
	Locale             string   // default "en-US"
}

// Option is an option of a command as a user filled it in.
type Option struct {
	Name    string   `json:"name"`
	Type    int      `json:"type"`
	Value   any      `json:"value,omitempty"`
	Focused bool     `json:"focused,omitempty"`
	Options []Option `json:"options,omitempty"` // of a subcommand
}

// Ack is the first response to an interaction.
type Ack struct {
	Type      int
	Ephemeral bool
	After     time.Duration // from the interaction's making to the response's coming
}

// Call is one interaction and what the bot made of it.
type Call struct {
	ID, Token string
	Kind      int

	srv         *Server
	event       Event
	in          Invocation
	channelID   string
	created     time.Time
	changed     signal
	ack         *Ack
	original    *Message // what @original means; may be the message of the component
	editsBefore int      // of original, when the call was made
	followups   []*Message
	choices     []Choice
	modal       *Modal
}

// Event is the INTERACTION_CREATE of the call, to be dispatched again.
func (c *Call) Event() Event { return c.event }

// NewCall prepares an interaction of any kind without dispatching it; message is
// that of a component or of a form opened from one, else nil.
func (s *Server) NewCall(in Invocation, kind int, data any, message *Message) *Call {
	if in.User.ID == "" {
		in.User = Someone()
	}
	if in.Permissions == 0 {
		in.Permissions = DefaultPermissions
	}
	if in.Locale == "" {
		in.Locale = "en-US"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.ChannelID == "" && in.GuildID == "" {
		in.ChannelID = s.dm(in.User).ID
	}
	id := s.newID()
	c := &Call{ID: id, Token: "token-" + id, Kind: kind, srv: s, in: in, channelID: in.ChannelID,
		created: s.opts.Now(), changed: newSignal()}
	o := object{"id": id, "application_id": s.opts.AppID, "type": kind, "token": c.Token, "version": 1,
		"channel_id": in.ChannelID, "locale": in.Locale, "data": data, "entitlements": []any{},
		"authorizing_integration_owners": object{"0": in.GuildID}, "attachment_size_limit": maxFileBytes}
	if ch := s.channels[in.ChannelID]; ch != nil {
		co := s.channelObject(ch)
		co["permissions"] = strconv.FormatInt(in.Permissions, 10)
		o["channel"] = co
		o["app_permissions"] = strconv.FormatInt(s.permissions(ch), 10)
	}
	if in.GuildID != "" {
		o["guild_id"], o["context"] = in.GuildID, 0
		if g := s.guilds[in.GuildID]; g != nil {
			o["guild_locale"] = g.Locale
		}
		o["member"] = Member{User: in.User, Roles: orEmpty(in.Roles), JoinedAt: time.UnixMilli(discordEpoch).UTC(),
			Permissions: strconv.FormatInt(in.Permissions, 10)}
	} else {
		o["user"], o["context"] = in.User, 1
		o["authorizing_integration_owners"] = object{"0": "0"}
	}
	if message != nil {
		o["message"] = complete(*message)
		if c.original = s.messages[message.ID]; c.original != nil {
			c.editsBefore = c.original.Edits
		}
	}
	c.event = Event{Type: "INTERACTION_CREATE", GuildID: in.GuildID, Data: o}
	s.calls[c.Token] = c
	return c
}

func (s *Server) start(c *Call) *Call {
	s.Dispatch(c.event)
	return c
}

func (s *Server) commandData(name string, kind int, options []Option) object {
	id := "1"
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, list := range s.commands {
		for _, cmd := range list {
			if cmd.name() == name && cmd.kind() == kind {
				id = cmd["id"].(string)
			}
		}
	}
	o := object{"id": id, "name": name, "type": kind}
	if len(options) > 0 {
		o["options"] = options
	}
	if files := s.optionFiles(options); len(files) > 0 {
		o["resolved"] = object{"attachments": files}
	}
	return o
}

// optionFiles finds the attachments that options of type 11 name.
func (s *Server) optionFiles(options []Option) map[string]Attachment {
	files := map[string]Attachment{}
	for i, opt := range options {
		if a, ok := opt.Value.(Attachment); ok {
			files[a.ID] = a
			options[i].Value = a.ID
		}
		for id, a := range s.optionFiles(opt.Options) {
			files[id] = a
		}
	}
	return files
}

// Slash runs a chat command. The value of an option of type 11 is an Attachment.
func (s *Server) Slash(in Invocation, name string, options ...Option) *Call {
	return s.start(s.NewCall(in, KindCommand, s.commandData(name, 1, slices.Clone(options)), nil))
}

// Autocomplete asks for choices while a user types in the focused option.
func (s *Server) Autocomplete(in Invocation, name string, options ...Option) *Call {
	return s.start(s.NewCall(in, KindAutocomplete, s.commandData(name, 1, slices.Clone(options)), nil))
}

// MessageCommand runs a command of a message's context menu: the whole target is
// handed over, whatever the intents.
func (s *Server) MessageCommand(in Invocation, name string, target Message) *Call {
	data := s.commandData(name, 3, nil)
	data["target_id"] = target.ID
	target.GuildID = ""
	data["resolved"] = object{"messages": map[string]Message{target.ID: complete(target)}}
	return s.start(s.NewCall(in, KindCommand, data, nil))
}

// Press presses a button of a message or, given values, chooses in its menu.
func (s *Server) Press(in Invocation, message Message, customID string, values ...string) *Call {
	data := object{"custom_id": customID, "component_type": typeButton}
	if len(values) > 0 {
		data["component_type"], data["values"] = typeSelect, values
	}
	return s.start(s.NewCall(in, KindComponent, data, &message))
}

// Submit sends a form back, its inputs by custom id; message is the one whose
// button opened the form, or nil.
func (s *Server) Submit(in Invocation, form Modal, inputs map[string]string, message *Message) *Call {
	rows := []object{}
	for _, row := range form.Components {
		row.walk("", func(_ string, c *Component) {
			if c.Type != typeInput {
				return
			}
			in := object{"type": typeInput, "custom_id": c.CustomID, "value": inputs[c.CustomID]}
			if row.Type == typeLabel {
				rows = append(rows, object{"type": typeLabel, "component": in})
			} else {
				rows = append(rows, object{"type": typeRow, "components": []object{in}})
			}
		})
	}
	return s.start(s.NewCall(in, KindModalSubmit, object{"custom_id": form.CustomID, "components": rows}, message))
}

// Ack waits for the first response.
func (c *Call) Ack(ctx context.Context) (Ack, error) {
	var a Ack
	err := c.wait(ctx, "its first response", func() bool {
		if c.ack != nil {
			a = *c.ack
		}
		return c.ack != nil
	})
	return a, err
}

func (c *Call) wait(ctx context.Context, what string, cond func() bool) error {
	if err := c.srv.wait(ctx, &c.changed, what, cond); err != nil {
		return fmt.Errorf("interaction %s: %w", c.ID, err)
	}
	return nil
}

// Reply waits until the response is a message with something in it, not "thinking",
// and returns it.
func (c *Call) Reply(ctx context.Context) (Message, error) {
	return c.WaitReply(ctx, func(Message) bool { return true })
}

// WaitReply waits until the response is a message that match accepts.
func (c *Call) WaitReply(ctx context.Context, match func(Message) bool) (Message, error) {
	var m Message
	err := c.wait(ctx, "its reply", func() bool {
		if !c.replied() {
			return false
		}
		m = complete(*c.original)
		return match(m)
	})
	return m, err
}

// replied tells whether there is a message to look at; the lock is held.
func (c *Call) replied() bool {
	if c.ack == nil || c.original == nil || c.original.Deleted || c.original.Flags&FlagLoading != 0 {
		return false
	}
	switch c.ack.Type {
	case RespondDeferredUpdate:
		return c.original.Edits > c.editsBefore
	case RespondChoices, RespondModal:
		return false
	}
	return true
}

// WaitFollowup waits for the n-th follow-up, counted from 1.
func (c *Call) WaitFollowup(ctx context.Context, n int) (Message, error) {
	var m Message
	err := c.wait(ctx, fmt.Sprintf("follow-up %d", n), func() bool {
		if len(c.followups) < n {
			return false
		}
		m = complete(*c.followups[n-1])
		return true
	})
	return m, err
}

// Followups returns the follow-ups so far.
func (c *Call) Followups() []Message {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	var list []Message
	for _, m := range c.followups {
		list = append(list, complete(*m))
	}
	return list
}

// Modal waits for a form as the first response.
func (c *Call) Modal(ctx context.Context) (Modal, error) {
	var m Modal
	err := c.wait(ctx, "its form", func() bool {
		if c.modal != nil {
			m = *c.modal
		}
		return c.modal != nil
	})
	return m, err
}

// Choices waits for the rows of an autocompletion.
func (c *Call) Choices(ctx context.Context) ([]Choice, error) {
	var list []Choice
	err := c.wait(ctx, "its choices", func() bool {
		list = slices.Clone(c.choices)
		return c.ack != nil && c.ack.Type == RespondChoices
	})
	return list, err
}
