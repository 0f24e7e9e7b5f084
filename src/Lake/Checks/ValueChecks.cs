// The checks of single values by their names. The formulas are pure functions; load, scan and the judge of files all come here.
using Lizhou.Lake.Checks;
using Lizhou.Tabular;

namespace Lizhou.Lake;

/// <summary>Asks a check of a value.</summary>
public static class ValueChecks
{
    /// <summary>Whether a text passes a check, as it stands: blanks around it are not taken off, and empty it passes none but <see cref="ValueCheck.None"/>, which lets everything pass. Never throws.</summary>
    /// <param name="check">The form and check character asked for: GB 11643 (id number), GB 32100 (credit code), GB 11714 (organisation code), ISO/IEC 7812-1 (bank card), the numbering plan of the
    /// mainland (mobile, phone), GA 36 (plate).</param>
    /// <param name="text">UTF-8.</param>
    public static bool Passes(ValueCheck check, ReadOnlySpan<byte> text) => check switch
    {
        ValueCheck.IdNumber => Identifiers.IsIdNumber(text),
        ValueCheck.CreditCode => Identifiers.IsCreditCode(text),
        ValueCheck.OrganisationCode => Identifiers.IsOrganisationCode(text),
        ValueCheck.BankCard => CardNumbers.IsBankCard(text),
        ValueCheck.Mobile => Phones.IsMobile(text),
        ValueCheck.Phone => Phones.IsPhone(text),
        ValueCheck.Plate => Plates.IsPlate(text),
        _ => true,
    };
}
