// The eight forms that levels exchange about a case, which end sends each, and when one is in its place. Pure.
using System.Text.Json.Serialization;
using Lizhou.Kernel;

namespace Lizhou.Cases.Levels;

[JsonConverter(typeof(JsonStringEnumConverter<LevelForm>))]
internal enum LevelForm
{
    /// <summary>上报: up.</summary>
    Report,

    /// <summary>交办: down.</summary>
    Assign,

    /// <summary>签收: of a report or an assignment; and of a case its sender had been told to be settled, when it is taken up again.</summary>
    Accept,

    /// <summary>退回: of a report or an assignment, with a reason.</summary>
    Return,

    /// <summary>督办: down.</summary>
    Supervise,

    /// <summary>督办回复: up.</summary>
    Reply,

    /// <summary>办结反馈: either way, by who settled it; once more after it was taken up again.</summary>
    Finish,

    /// <summary>评价: down, once of each end.</summary>
    Rate,
}

[JsonConverter(typeof(JsonStringEnumConverter<LevelState>))]
internal enum LevelState
{
    /// <summary>To be sent.</summary>
    Waiting,

    /// <summary>An earlier one has not come.</summary>
    Parked,
    Taken,

    /// <summary>Came in its turn and was out of place.</summary>
    Rejected,
}

/// <summary>What a level above or below needs to know of a case.</summary>
/// <param name="Class">Code of the sender's classes; null: none yet.</param>
/// <param name="Place">Code of the sender's nodes; null: it tells none.</param>
internal sealed record LevelCase(string Number, string Words, string Address, string? Class, double? X, double? Y, string? Place = null)
{
    /// <summary>Whether its codes and number may be kept; its words and place are judged as any report's.</summary>
    public bool Fit => Number is { Length: > 0 and <= 100 } && Class is null or { Length: > 0 and <= 40 } && Place is null or { Length: > 0 and <= 40 } && Legible.Is(Number, Class, Place);
}

/// <summary>A photo that follows its form.</summary>
/// <param name="Place">1 … in the form.</param>
/// <param name="Digest">SHA-256, 64 small hexadecimal digits.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Type">image/jpeg, image/png or image/webp.</param>
internal sealed record LevelPhoto(int Place, string Digest, long Size, string Type)
{
    public const int Most = 9;

    private static readonly string[] Types = ["image/jpeg", "image/png", "image/webp"];

    /// <summary>Whether a form may name them.</summary>
    public static bool Fit(IReadOnlyList<LevelPhoto>? all) => all is null || (all.Count <= Most && all.Index().All(p =>
        p.Item is { Digest.Length: 64, Size: >= 1 and <= Intake.Photo.MostBytes } photo && photo.Place == p.Index + 1 && photo.Digest.All(char.IsAsciiHexDigitLower) && Types.Contains(photo.Type)));
}

/// <param name="Link">Id of the peering.</param>
/// <param name="Ref">Of the case, the same at both ends.</param>
/// <param name="Seq">1 … of the case and direction.</param>
/// <param name="Case">On a report or an assignment.</param>
/// <param name="Stars">1 to 5, of a rating.</param>
/// <param name="Photos">That follow it; null: none.</param>
/// <param name="Hours">Of a supervision: working hours of the level below in which it is answered; null: the usual ones.</param>
/// <param name="WordsEn">The words in English where a program wrote them; null: they are somebody's, in their language.</param>
internal sealed record LevelMessage(
    Guid Link, Guid Ref, long Seq, LevelForm Form, string Words, DateTimeOffset At, LevelCase? Case = null, int? Stars = null, IReadOnlyList<LevelPhoto>? Photos = null, int? Hours = null,
    string? WordsEn = null)
{
    /// <summary>In both languages, where they are known so.</summary>
    [JsonIgnore]
    public Text Said => new(Words, WordsEn ?? Words);
}

/// <summary>What is said by a form.</summary>
/// <param name="Words">1 to 1,000 characters.</param>
/// <param name="Stars">Of a rating; else null.</param>
/// <param name="Hours">Of a supervision; else null.</param>
/// <param name="WordsEn">See <see cref="LevelMessage"/>.</param>
internal sealed record LevelSaying(LevelForm Form, string Words, int? Stars = null, int? Hours = null, string? WordsEn = null);

/// <param name="State">Taken, Parked or Rejected.</param>
/// <param name="Digest">SHA-256 of the message's text.</param>
/// <param name="Code">Why it is parked or rejected; null when it was taken.</param>
internal sealed record LevelReceipt(Guid Link, Guid Ref, long Seq, LevelState State, string Digest, string? Code, DateTimeOffset At);

internal static class LevelForms
{
    private static readonly Dictionary<LevelForm, Text> Titles = new()
    {
        [LevelForm.Report] = new("上报", "report up"),
        [LevelForm.Assign] = new("交办", "assign down"),
        [LevelForm.Accept] = new("签收", "accept"),
        [LevelForm.Return] = new("退回", "return"),
        [LevelForm.Supervise] = new("督办", "supervise"),
        [LevelForm.Reply] = new("督办回复", "answer the supervision"),
        [LevelForm.Finish] = new("办结反馈", "tell it is done"),
        [LevelForm.Rate] = new("评价", "rate"),
    };

    public static Text Title(LevelForm form) => Titles[form];

    /// <summary>Whether a thread is under way: something was reported or assigned by it, and it was neither given back since nor settled for good.</summary>
    public static bool IsOpen(IReadOnlyList<(LevelForm Form, bool Down)> before)
    {
        var all = before.ToList();
        var (asked, done) = (all.FindLastIndex(b => b.Form is LevelForm.Report or LevelForm.Assign), all.FindLastIndex(b => b.Form == LevelForm.Finish));
        return asked > all.FindLastIndex(b => b.Form == LevelForm.Return) && (done < 0 || all.Skip(done + 1).Any(b => b.Form == LevelForm.Accept && b.Down == all[done].Down));
    }

    /// <summary>Whether a form is in its place.</summary>
    /// <param name="down">The upper level sends it.</param>
    /// <param name="before">What was taken of the case so far, of both directions, each with whether it went down.</param>
    public static bool Fits(LevelForm form, bool down, IReadOnlyList<(LevelForm Form, bool Down)> before)
    {
        int Last(params LevelForm[] forms) => before.ToList().FindLastIndex(b => forms.Contains(b.Form));
        var asked = before.ToList().FindLastIndex(b => b.Down != down && b.Form is LevelForm.Report or LevelForm.Assign);
        var answered = before.ToList().FindLastIndex(b => b.Down == down && b.Form is LevelForm.Accept or LevelForm.Return);
        var done = Last(LevelForm.Finish);
        var again = done >= 0 && before.Skip(done + 1).Any(b => b.Form == LevelForm.Accept && b.Down == before[done].Down); // Who had settled it has taken it up once more.
        var open = done < 0 || again;
        return form switch
        {
            LevelForm.Report => !down && (before.Count == 0 || Last(LevelForm.Return) > Last(LevelForm.Report)),
            LevelForm.Assign => down && open,
            LevelForm.Accept => asked > answered || (!open && before[done].Down == down),
            LevelForm.Return => asked > answered,
            LevelForm.Supervise => down && before.Count > 0 && open,
            LevelForm.Reply => !down && Last(LevelForm.Supervise) > Last(LevelForm.Reply),
            LevelForm.Finish => before.Count > 0 && open,
            _ => down && !open && !before[done].Down && Last(LevelForm.Rate) < done,
        };
    }
}
