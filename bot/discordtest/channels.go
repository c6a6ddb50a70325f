package discordtest

import (
	"encoding/json"
	"slices"
)

func (s *Server) getChannel(x *exchange) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.channelFor(x.val("channel"), 0)
	if err != nil {
		return 0, nil, err
	}
	return 200, s.channelObject(c), nil
}

func (s *Server) patchChannel(x *exchange) (int, any, error) {
	var body struct {
		Name *string `json:"name"`
	}
	if json.Unmarshal(x.body, &body) != nil {
		return 0, nil, errForm
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.channelFor(x.val("channel"), 0)
	if err != nil {
		return 0, nil, err
	}
	if c.OwnerID != s.opts.AppID && s.permissions(c)&(PermManageThreads|PermAdministrator) == 0 {
		return 0, nil, &apiError{403, 50013, "Missing Permissions"}
	}
	if body.Name != nil {
		c.Name = *body.Name
	}
	return 200, s.channelObject(c), nil
}

func (s *Server) postTyping(x *exchange) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.channelFor(x.val("channel"), PermSendMessages)
	if err != nil {
		return 0, nil, err
	}
	s.typing = append(s.typing, c.ID)
	s.changed.fire()
	return 204, nil, nil
}

// Typing returns the channels in which the bot showed that it is typing, in order.
func (s *Server) Typing() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.typing)
}

func (s *Server) joinThread(x *exchange) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.channelFor(x.val("channel"), 0); err != nil {
		return 0, nil, err
	}
	return 204, nil, nil
}

func (s *Server) react(x *exchange) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.channelFor(x.val("channel"), PermAddReactions|PermReadMessageHistory); err != nil {
		return 0, nil, err
	}
	if _, err := s.messageFor(x); err != nil {
		return 0, nil, err
	}
	return 204, nil, nil
}

type threadBody struct {
	Name        string          `json:"name"`
	Type        int             `json:"type"`
	AutoArchive int             `json:"auto_archive_duration"`
	Message     json.RawMessage `json:"message"`
}

func parseThread(x *exchange) (threadBody, []string) {
	var b threadBody
	if json.Unmarshal(x.body, &b) != nil {
		return b, []string{"the body is no JSON object"}
	}
	var f faultList
	f.atLeastOne("name", b.Name)
	f.atMost("name", b.Name, 100)
	if b.AutoArchive != 0 && !slices.Contains([]int{60, 1440, 4320, 10080}, b.AutoArchive) {
		f.add("auto_archive_duration is %d", b.AutoArchive)
	}
	return b, f
}

// threadFromMessage opens a thread on a message, which it shares the id with.
func (s *Server) threadFromMessage(x *exchange) (int, any, error) {
	b, wrong := parseThread(x)
	if err := s.refuse(x, wrong); err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	parent, err := s.channelFor(x.val("channel"), PermCreatePublicThreads)
	if err != nil {
		return 0, nil, err
	}
	m, err := s.messageFor(x)
	if err != nil {
		return 0, nil, err
	}
	if parent.Type != ChannelText && parent.Type != ChannelAnnouncement {
		return 0, nil, &apiError{400, 50024, "Cannot execute action on this channel type"}
	}
	if s.channels[m.ID] != nil {
		return 0, nil, &apiError{400, 160004, "A thread has already been created for this message"}
	}
	return 201, s.newThread(parent, m.ID, b.Name), nil
}

// newThread makes a thread of the bot and tells the sessions; the lock is held.
func (s *Server) newThread(parent *Channel, id, name string) object {
	c := &Channel{ID: id, GuildID: parent.GuildID, Type: ChannelThread, Name: name, ParentID: parent.ID, OwnerID: s.opts.AppID}
	s.channels[id] = c
	s.changed.fire()
	s.dispatch(s.channelEvent(c))
	return s.channelObject(c)
}

// createThread opens a thread without a message, or a post in a forum with one.
func (s *Server) createThread(x *exchange) (int, any, error) {
	b, wrong := parseThread(x)
	var p payload
	if len(b.Message) > 0 {
		var err error
		if p, err = parsePayload(b.Message); err != nil {
			return 0, nil, err
		}
		wrong = append(wrong, p.check(x.files)...)
	}
	if err := s.refuse(x, wrong); err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	need := PermCreatePublicThreads
	if c := s.channels[x.val("channel")]; c != nil && c.Type == ChannelForum {
		need = PermSendMessages
	}
	parent, err := s.channelFor(x.val("channel"), need)
	if err != nil {
		return 0, nil, err
	}
	if (parent.Type == ChannelForum) != (len(b.Message) > 0) {
		return 0, nil, errForm
	}
	o := s.newThread(parent, s.newID(), b.Name)
	if len(b.Message) > 0 {
		id := o["id"].(string)
		m := Message{ID: id, ChannelID: id, Author: s.BotUser()}
		s.apply(&m, p, x.files)
		if empty(m) {
			return 0, nil, errEmptyMessage
		}
		kept := s.store(m)
		o["message"] = rest(*kept)
		s.dispatch(Event{Type: "MESSAGE_CREATE", GuildID: kept.GuildID, Data: *kept})
	}
	return 201, o, nil
}
