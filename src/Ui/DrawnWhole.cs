// The base of every page and part of a module: drawn when all it needs has been read, not before.
// ComponentBase draws once more at the first real wait, with the fields still empty: never on SQLite, which answers at once, always on PostgreSQL.
using Microsoft.AspNetCore.Components;

namespace Lizhou.Ui;

/// <summary>A component that is first drawn after its <c>OnInitializedAsync</c> and <c>OnParametersSetAsync</c> have ended.</summary>
public abstract class DrawnWhole : ComponentBase
{
    private bool begun;

    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        if (!begun)
        {
            begun = true;
            OnInitialized();
            await OnInitializedAsync();
        }

        OnParametersSet();
        await OnParametersSetAsync();
        StateHasChanged();
    }
}
