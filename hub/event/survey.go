package event

// SurveySent says that a satisfaction survey was pushed to the customer.
type SurveySent struct {
	Conversation ConversationID `json:"conversation"`
	Survey       SurveyID       `json:"survey"`
}

func (*SurveySent) eventType() Type { return TypeSurveySent }
func (d *SurveySent) key() string   { return string(d.Conversation) }
func (d *SurveySent) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.id("survey", string(d.Survey))
}

// SurveyAnswered is a customer's rating. Stars holds over Level; use Rating.
type SurveyAnswered struct {
	Conversation ConversationID `json:"conversation"`
	Survey       SurveyID       `json:"survey"`
	Stars        *int64         `json:"stars,omitzero"` // 1 to 5
	Level        string         `json:"level,omitzero"` // satisfied, neutral, dissatisfied
	Reasons      []string       `json:"reasons,omitzero"`
}

// Rating is the answer in stars, 1 to 5.
func (d *SurveyAnswered) Rating() int64 {
	if d.Stars != nil {
		return *d.Stars
	}
	switch d.Level {
	case "satisfied":
		return 5
	case "neutral":
		return 3
	}
	return 1
}

func (*SurveyAnswered) eventType() Type { return TypeSurveyAnswered }
func (d *SurveyAnswered) key() string   { return string(d.Conversation) }
func (d *SurveyAnswered) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.id("survey", string(d.Survey))
	if d.Stars != nil {
		v.within("stars", *d.Stars, 1, 5)
	} else if d.Level == "" {
		v.missing("stars")
	}
	if d.Level != "" {
		v.oneOf("level", d.Level, "satisfied", "neutral", "dissatisfied")
	}
	ids(v, "reasons", d.Reasons)
}
